/** Times in certificates and time stamps (RFC 5280, 4.1.2.5; RFC 3161, 2.4.2). */
import { broken } from "./der.js";

const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/;

/**
 * Milliseconds since 1970, cut to the whole second.
 *
 * @param {import("./der.js").Value} value
 */
export function moment(value) {
  const match = (value.tag === UTC_TIME ? UTC : GENERALIZED).exec(value.text);
  if (!match || (value.tag !== UTC_TIME && value.tag !== GENERALIZED_TIME)) throw broken();
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const full = value.tag === UTC_TIME ? year + (year < 50 ? 2000 : 1900) : year;
  const date = new Date(0);
  date.setUTCFullYear(full, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCHours() !== hour ||
    date.getUTCMinutes() !== minute || date.getUTCSeconds() !== second) throw broken();
  return date.getTime();
}

/**
 * RFC 3339 in whole seconds.
 *
 * @param {number} at
 */
export function rendered(at) {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
