/** Public keys of logs and witnesses in the text form of c2sp.org/signed-note. */
import { base64, digest, fromBase64, hex, joined, utf8 } from "./bytes.js";
import { ProofInvalid } from "./fault.js";

export const ED25519 = 1;
export const COSIGNATURE = 4;
const NAME = /^[^\s+]+$/u;
/** What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI_HEAD = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/**
 * @typedef {object} NoteKey
 * @property {string} name
 * @property {number} type `ED25519` of a log, `COSIGNATURE` of a witness
 * @property {string} id 4 bytes in hex
 * @property {import("./bytes.js").Bytes} raw 32 bytes (RFC 8032)
 * @property {string} vkey
 */

/**
 * Reads `name+hex key id+base64(type, key)`.
 *
 * @param {string} text
 * @param {string} subject
 * @param {number} type
 * @returns {Promise<NoteKey>}
 * @throws {ProofInvalid} it is malformed, of another type, or its key id is not that of the key
 */
export async function parseKey(text, subject, type = ED25519) {
  const vkey = text.trim();
  const [name, id, ...rest] = vkey.split("+");
  const data = fromBase64(rest.join("+"));
  if (!NAME.test(name) || !data || data.length !== 33 || data[0] !== type) {
    throw new ProofInvalid(subject, "not an Ed25519 verifier key (name+id+base64)");
  }
  const computed = hex((await digest(joined([utf8(`${name}\n`), data]))).subarray(0, 4));
  if (computed !== id) throw new ProofInvalid(subject, "its key id is not that of the key");
  return { name, type, id, raw: data.slice(1), vkey };
}

/**
 * The key as PEM, as `openssl pkeyutl` takes it.
 *
 * @param {NoteKey} key
 */
export function pemOf(key) {
  return `-----BEGIN PUBLIC KEY-----\n${base64(joined([SPKI_HEAD, key.raw]))}\n-----END PUBLIC KEY-----\n`;
}

/**
 * @param {NoteKey} key
 * @param {Uint8Array} signature
 * @param {Uint8Array} data
 * @returns {Promise<boolean>}
 */
export async function verifies(key, signature, data) {
  if (signature.length !== 64) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", key.raw, "Ed25519", false, ["verify"]);
    const [value, message] = [new Uint8Array(signature), new Uint8Array(data)];
    return await crypto.subtle.verify("Ed25519", imported, value, message);
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataError") return false; // no point of the curve
    throw error;
  }
}
