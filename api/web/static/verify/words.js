/**
 * The page's words in the visitor's language. They come with the page as data; English sentences are
 * their own keys, with `{names}` for values.
 *
 * @typedef {object} VerdictWords
 * @property {string} title
 * @property {string} sentence
 * @property {string} tone
 *
 * @typedef {object} Words
 * @property {string} locale
 * @property {Record<string, string>} texts
 * @property {Record<string, VerdictWords>} states by state, or `removed:` and the level
 * @property {Record<string, string>} sightings
 * @property {Record<string, string>} reasons
 * @property {Record<string, string>} notices
 */
import { filled } from "./fault.js";

/** @type {Words} */
const WORDS = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/**
 * @param {string} text
 * @param {import("./fault.js").Values} [values]
 */
export function say(text, values = {}) {
  return filled(WORDS.texts[text] ?? text, values);
}

/**
 * @param {"sightings" | "reasons" | "notices"} table
 * @param {unknown} key
 */
export function wordFor(table, key) {
  const name = String(key);
  return Object.hasOwn(WORDS[table], name) ? WORDS[table][name] : name;
}

/**
 * @param {Record<string, unknown>} verdict
 * @returns {VerdictWords}
 */
export function verdictWords({ state, level }) {
  const name = state === "removed" ? `removed:${level ?? "suspected"}` : String(state);
  if (Object.hasOwn(WORDS.states, name)) return WORDS.states[name];
  return { title: name, sentence: "", tone: "quiet" };
}

/**
 * A moment in UTC as the language writes it; what is no moment stays as it is.
 *
 * @param {unknown} value RFC 3339
 */
export function momentText(value) {
  const at = new Date(String(value));
  if (Number.isNaN(at.getTime())) return String(value);
  /** @type {Intl.DateTimeFormatOptions} */
  const form = {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  };
  const locale = WORDS.locale === "en" ? "en-GB" : WORDS.locale;
  return `${new Intl.DateTimeFormat(locale, form).format(at)} UTC`;
}
