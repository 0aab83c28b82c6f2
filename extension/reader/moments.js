// Whether a short text reads as a moment: a date, a clock time or an age, in many languages.
//
// The names of months and the phrases for "so long ago" are those of the Unicode CLDR, which every
// browser carries (Intl); only what it does not have is written down here.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const CLOCK = /\b\d{1,2}\s?[:hH]\s?\d{2}\b/u;
  const NUMERIC_DATE = /\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]/u;
  const YEAR = /\b(?:19|20)\d{2}\b/u;
  const SHORT_AGE = /^[\s·•|,-]*~?\d{1,3}\s?(?:s|sec|m|min|mn|h|hr|hrs|d|w|mo|y|yr|j|sem|std|t|г|ч|д|д\.|мин)\.?\s*$/iu;
  // "ago" and its like, next to a number
  const AGE = new RegExp(
    "\\bago\\b|\\bil y a\\b|\\bvor\\b|\\bhace\\b|\\bh[áa]\\b|\\bfa\\b|\\bgeleden\\b|\\bsiden\\b|" +
      "\\bsedan\\b|\\btemu\\b|\\bönce\\b|\\btrước\\b|\\blalu\\b|назад|тому|前|전|قبل|לפני|पहले",
    "iu",
  );
  const LOCALES = ["en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "el", "ru", "uk",
    "bg", "tr", "id", "vi", "ar", "fa", "he", "hi", "th", "ko"];
  const UNITS = /** @type {const} */ (["second", "minute", "hour", "day", "week", "month", "year"]);
  const MOST = 72;

  /** @type {{months: Set<string>, ages: Set<string>} | null} */ let known = null;

  /** The words for months, and phrases of age with their number as `#`; made once, when first needed. */
  const words = () => {
    if (known) return known;
    /** @type {Set<string>} */ const months = new Set();
    /** @type {Set<string>} */ const ages = new Set();
    for (const locale of LOCALES) {
      for (const style of /** @type {const} */ (["long", "short"])) {
        const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory-nu-latn`, { day: "numeric", month: style });
        for (let month = 0; month < 12; month += 1) {
          const part = format.formatToParts(new Date(2024, month, 15)).find(({ type }) => type === "month");
          if (part && /\p{L}/u.test(part.value)) months.add(part.value.toLowerCase().replace(/\.$/u, ""));
        }
        const age = new Intl.RelativeTimeFormat(`${locale}-u-nu-latn`, { style });
        for (const unit of UNITS) for (const number of [1, 2, 5]) ages.add(folded(age.format(-number, unit)));
      }
    }
    known = { months, ages };
    return known;
  };

  /** @param {string} text */
  const folded = (text) => text.toLowerCase().replace(/\d+/u, "#").replace(/[\u200e\u200f]/gu, "").trim();

  /** Whether a month's name stands beside a number. @param {string} text */
  const isDated = (text) => {
    const tokens = text.toLowerCase().match(/[\p{L}\p{M}]+|\d+/gu) ?? [];
    const { months } = words();
    const isNumber = (/** @type {number} */ at) => /^\d{1,4}$/u.test(tokens[at] ?? "");
    const isShort = (/** @type {number} */ at) => (tokens[at] ?? "long").length <= 3;
    const wordy = tokens.filter((token) => token.length > 3 && !/\d/u.test(token) && !months.has(token)).length;
    return tokens.some((token, at) => {
      if (!months.has(token)) return false;
      // short forms of one language are words of another ("out", "set", "may")
      if (token.length <= 3 && wordy > 1 && !YEAR.test(text)) return false;
      if (token.length <= 3 && isNumber(at - 1) && tokens[at + 1] === "of") return false;
      return isNumber(at - 1) || isNumber(at + 1) || (isShort(at - 1) && isNumber(at - 2)) || (isShort(at + 1) && isNumber(at + 2));
    });
  };

  /** Whether a short text reads as a moment: date, clock time or age. */
  R.isTimeLike = (text) => {
    const said = R.fold(text);
    if (said.length > MOST || !/\d/u.test(said)) return false;
    if (SHORT_AGE.test(said) || (NUMERIC_DATE.test(said) && said.length <= 60)) return true;
    if (AGE.test(said) && said.length <= 40) return true;
    if (CLOCK.test(said) && said.length <= 45) return true;
    if (YEAR.test(said) && said.length <= 20 && /\p{L}/u.test(said)) return true;
    return /\p{L}/u.test(said) && (isDated(said) || words().ages.has(folded(said)));
  };
})();
