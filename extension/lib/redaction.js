/**
 * Blacking out words in everything that would be sent, once a mask covers them in the picture.
 *
 * @typedef {object} WordBox
 * @property {number} run number of the text on the page that it stands in
 * @property {string} word
 * @property {number[]} box left, top, right, bottom in pixels of the picture
 */

export const BLACK = "█";
/** What stands between two words of one text, also where nobody sees it. */
const GAP = "[\\s\\p{Cf}]+";
/** Of a word that much must be covered, in each direction, to be hidden: a frame that only touches it hides nothing. */
const TOUCHED = 0.2;

/**
 * The texts that masks cover: neighbouring covered words of one text are one phrase.
 * @param {WordBox[]} words
 * @param {number[][]} boxes left, top, right, bottom
 * @returns {string[]}
 */
export function coveredPhrases(words, boxes) {
  /** @type {string[]} */ const phrases = [];
  let last = -1;
  let run = -1;
  words.forEach((entry, place) => {
    if (!boxes.some((box) => covers(box, entry.box))) return;
    const goesOn = place === last + 1 && entry.run === run && phrases.length > 0;
    if (goesOn) phrases.push(`${phrases.pop()} ${entry.word}`);
    else phrases.push(entry.word);
    last = place;
    run = entry.run;
  });
  return [...new Set(phrases.map(bare))].filter((phrase) => phrase !== "");
}

/** @param {number[]} mask @param {number[]} word */
function covers([left, top, right, bottom], [from, above, to, below]) {
  const across = Math.min(right, to) - Math.max(left, from);
  const down = Math.min(bottom, below) - Math.max(top, above);
  return across > TOUCHED * (to - from) && down > TOUCHED * (below - above);
}

/** Punctuation around a name is no part of it: the same name elsewhere is followed by another. @param {string} phrase */
function bare(phrase) {
  return phrase.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

/**
 * @param {string} text
 * @param {string[]} phrases
 * @returns {string} with every occurrence of them, in whatever case, in black of the same length
 */
export function blackOut(text, phrases) {
  return [...phrases].sort((one, other) => other.length - one.length).reduce((said, phrase) => said.replace(pattern(phrase), black), text);
}

/** @param {string} phrase */
function pattern(phrase) {
  const words = phrase.split(/[\s\p{Cf}]+/u).map((word) => [...word].map(escape).join("\\p{Cf}*"));
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.join(GAP)}(?![\\p{L}\\p{N}])`, "giu");
}

/** @param {string} character */
function escape(character) {
  return /[\^$\\.*+?()[\]{}|/]/u.test(character) ? `\\${character}` : character;
}

/** @param {string} found */
function black(found) {
  return found.replace(/\S/gu, BLACK);
}

/**
 * The same for all texts in a value of JSON.
 * @template T
 * @param {T} value
 * @param {string[]} phrases
 * @returns {T}
 */
export function blackOutAll(value, phrases) {
  if (typeof value === "string") return /** @type {T} */ (blackOut(value, phrases));
  if (Array.isArray(value)) return /** @type {T} */ (value.map((each) => blackOutAll(each, phrases)));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, each]) => [name, blackOutAll(each, phrases)]);
  return /** @type {T} */ (Object.fromEntries(entries));
}

/**
 * Whether an address names somebody: addresses are no prose, so letters and digits alone are compared.
 * @param {string | null} address
 * @param {string[]} phrases
 */
export function isNamedIn(address, phrases) {
  const said = letters(decode(address ?? ""));
  return phrases.map(letters).some((phrase) => phrase.length >= 3 && said.includes(phrase));
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} text */
function letters(text) {
  return text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}
