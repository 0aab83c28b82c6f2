// Small recognisers shared by the reader: times, ids, names. They help; nothing rests on one alone.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const CLOCK = /\b\d{1,2}\s?[:hH]\s?\d{2}\b/u;
  const NUMERIC_DATE = /\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]/u;
  const YEAR = /\b(?:19|20)\d{2}\b/u;
  const SHORT_AGE = /^\s*~?\d{1,3}\s?(?:s|sec|m|min|mn|h|hr|hrs|d|w|mo|y|yr|j|sem|std|t|г|ч|д|д\.|мин)\.?\s*$/iu;
  // "ago" and its like, next to a number: a small table, easily extended
  const AGE = new RegExp(
    "\\bago\\b|\\bil y a\\b|\\bvor\\b|\\bhace\\b|\\bh[áa]\\b|\\bfa\\b|\\bgeleden\\b|\\bsiden\\b|" +
      "\\bsedan\\b|\\btemu\\b|\\bönce\\b|\\btrước\\b|\\blalu\\b|назад|тому|前|전|قبل|לפני|पहले",
    "iu",
  );
  const MONTH = new RegExp(
    "\\b(?:jan|feb|fév|fev|mar|mär|apr|avr|abr|ma[iy]|ju[nl]|juin|juil|aug|août|aou|ago|sep|set|" +
      "o[ck]t|out|nov|de[czs]|déc|янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек)\\p{L}*\\.?\\b",
    "iu",
  );

  /** Whether a short text reads as a moment: date, clock time or age. */
  R.isTimeLike = (text) => {
    const folded = R.fold(text);
    if (folded.length > 60 || !/\d/u.test(folded)) return false;
    if (SHORT_AGE.test(folded) || NUMERIC_DATE.test(folded)) return true;
    if (AGE.test(folded) && folded.length <= 40) return true;
    if (CLOCK.test(folded) && folded.length <= 45) return true;
    return MONTH.test(folded) && /\b\d{1,2}\b/u.test(folded) && folded.length <= 45
      ? true
      : YEAR.test(folded) && folded.length <= 20 && /\p{L}/u.test(folded);
  };

  /** An id with its changing part replaced: `comment-123` and `comment-124` are of one pattern. */
  R.idPattern = (id) => {
    if (!id || id.length > 120 || !/\d/u.test(id)) return null;
    return id.replace(/[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/giu, "#").replace(/\d+/gu, "#");
  };

  /** The names of attributes that may hold a post's id. */
  R.idAttributes = (element) => {
    const found = [];
    for (const { name, value } of element.attributes) {
      if (!name.startsWith("data-") || value.length < 1 || value.length > 120) continue;
      if (!/(?:^|-)(?:id|fullname|uri|key|guid|permalink)$|id$/u.test(name)) continue;
      if ((/\d/u.test(value) || R.namesPosts(name)) && !/\s/u.test(value)) found.push(name);
    }
    return found;
  };

  const KINDS = /comment|review|posting|answer|message|socialmedia|discussionforum|hentry|h-entry|h-cite/iu;

  /** What the mark-up itself calls a post: microdata, ARIA, microformats; null when it says nothing. */
  R.semanticKind = (element) => {
    const type = element.getAttribute("itemtype");
    if (type && KINDS.test(type)) return `type:${type.split("/").pop()}`;
    const role = element.getAttribute("role");
    if (role === "article" || role === "comment") return `role:${role}`;
    if (element.classList.contains("h-entry") || element.classList.contains("h-cite")) return "mf";
    if (element.tagName === "ARTICLE") return "article";
    return null;
  };

  /** Characters of a control; what holds more is there to be read, whatever it is called. */
  const MOST_CONTROL = 160;

  /** Whether an element is something to click rather than something to read. */
  R.isControl = (element) => {
    const tag = element.tagName;
    if (tag === "BUTTON" || tag === "SUMMARY" || tag === "LABEL" || tag === "OPTION") return true;
    const role = element.getAttribute("role");
    return role === "button" || role === "menuitem" || role === "tab";
  };

  /** The nearest thing to click around an element, up to `stop`; null when there is none. */
  R.controlAround = (element, stop) => {
    for (let at = /** @type {Element | null} */ (element); at && at !== stop; at = R.parentOf(at)) {
      if (R.isControl(at) && at.textContent.length <= MOST_CONTROL) return at;
    }
    return null;
  };
})();
