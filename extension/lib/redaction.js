import { LOOKALIKES } from "./match.js";

/**
 * Blacking out words in everything that would be sent, once a mask covers them in the picture.
 *
 * @typedef {object} WordBox
 * @property {number} run number of the text on the page that it stands in
 * @property {string} word
 * @property {number[]} box left, top, right, bottom in pixels of the picture
 */

export const BLACK = "█";
/** What nobody sees: joiners, soft hyphens, variation selectors. */
const UNSEEN = "[\\p{Cf}\\p{Default_Ignorable_Code_Point}]";
/** What stands between two words of one text, also where nobody sees it. */
const GAP = "[\\s\\p{Cf}\\p{Default_Ignorable_Code_Point}]";
const PARTS = new RegExp(`${UNSEEN}+`, "u");
/** What goes on with a word: what is found must be whole. */
const OF_WORD = `(?!${UNSEEN})[\\p{L}\\p{N}\\p{M}]`;
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
  return phrase.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, "");
}

/**
 * @param {string} text
 * @param {string[]} phrases
 * @returns {string} with every occurrence of them, in whatever case and however its characters are put
 *   together, in black; one for each code point
 */
export function blackOut(text, phrases) {
  if (phrases.length === 0) return text;
  const { folded, places } = fold(text);
  /** @type {boolean[]} */ const hidden = [];
  for (const phrase of phrases) {
    for (const { index, 0: found } of folded.matchAll(pattern(phrase))) {
      // Of a character that folds into several, all is hidden.
      for (let at = places[index].from; at < places[index + found.length - 1].to; at += 1) hidden[at] = true;
    }
  }
  return text.replace(/\S/gu, (character, at) => (hidden[at] ? BLACK : character));
}

/** @param {string} phrase */
function pattern(phrase) {
  const words = phrase.split(/\s+/u).map(wordPattern).filter(Boolean);
  return words.length > 0 ? new RegExp(`(?<!${OF_WORD})${words.join(`${GAP}+`)}(?!${OF_WORD})`, "gu") : /(?!)/gu;
}

/** @param {string} word what nobody sees in it may part two words, or none */
function wordPattern(word) {
  const parts = word.split(PARTS).filter(Boolean);
  return parts.map((part) => [...fold(part).folded].map(escape).join(`${UNSEEN}*`)).join(`${GAP}*`);
}

/**
 * The text in one form for all of its compositions (NFKD), cases and look-alikes, with the way back.
 * @param {string} text
 * @returns {{folded: string, places: {from: number, to: number}[]}} for each unit of `folded` the
 *   characters of the text that it comes from
 */
function fold(text) {
  let folded = "";
  /** @type {{from: number, to: number}[]} */ const places = [];
  // A letter and its marks are one: marks have several orders.
  for (const { index, 0: unit } of text.matchAll(/[^\p{M}]\p{M}*|\p{M}+/gu)) {
    const letters = [...unit.normalize("NFKD")].map((letter) => LOOKALIKES.get(letter) ?? letter);
    const form = letters.map((letter) => letter.toUpperCase().toLowerCase()).join("");
    folded += form;
    for (let at = 0; at < form.length; at += 1) places.push({ from: index, to: index + unit.length });
  }
  return { folded, places };
}

/** @param {string} character */
function escape(character) {
  return /[\^$\\.*+?()[\]{}|/]/u.test(character) ? `\\${character}` : character;
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
