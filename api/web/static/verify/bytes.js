/** Bytes, their hashes and their text forms. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const ENCODER = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @param {string} text */
export function utf8(text) {
  return /** @type {Bytes} */ (ENCODER.encode(text));
}

/**
 * @param {Uint8Array} data
 * @returns {string | null} null: not UTF-8
 */
export function fromUtf8(data) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return null;
  }
}

/** @param {Uint8Array} data */
export function hex(data) {
  let text = "";
  for (const byte of data) text += HEX[byte];
  return text;
}

/**
 * @param {string} text an even number of hex digits
 * @returns {Bytes}
 */
export function fromHex(text) {
  const data = new Uint8Array(text.length / 2);
  for (let at = 0; at < data.length; at += 1) data[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return data;
}

/** @param {Uint8Array} data */
export function base64(data) {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * Strict base64: one text only for each value.
 *
 * @param {string} text
 * @returns {Bytes | null} null: not base64 in its one form
 */
export function fromBase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return base64(data) === text ? data : null;
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * @param {readonly Uint8Array[]} parts
 * @returns {Bytes}
 */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} data
 * @param {number} at
 */
export function uint32(data, at) {
  return ((data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3]) >>> 0;
}

/**
 * Whether the bytes at a place are those of an ASCII text.
 *
 * @param {Uint8Array} data
 * @param {number} at
 * @param {string} text
 */
export function reads(data, at, text) {
  for (let index = 0; index < text.length; index += 1) {
    if (data[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/**
 * @param {Uint8Array} data
 * @param {"SHA-1" | "SHA-256" | "SHA-384" | "SHA-512"} [algorithm]
 */
export async function digest(data, algorithm = "SHA-256") {
  return new Uint8Array(await crypto.subtle.digest(algorithm, /** @type {Bytes} */ (data)));
}

/** @param {Uint8Array} data */
export async function sha256(data) {
  return hex(await digest(data));
}
