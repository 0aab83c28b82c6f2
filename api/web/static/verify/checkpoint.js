/** Signed checkpoints: C2SP signed-note and tlog-checkpoint, with the cosignatures of witnesses. */
import { fromBase64, hex, uint32, utf8 } from "./bytes.js";
import { ProofInvalid } from "./fault.js";
import { HASH_BYTES } from "./merkle.js";
import { rendered } from "./moments.js";
import { verifies } from "./note_key.js";

/**
 * @typedef {import("./note_key.js").NoteKey} NoteKey
 *
 * @typedef {object} NoteSignature
 * @property {string} name
 * @property {string} id hex
 * @property {Uint8Array} value
 *
 * @typedef {object} Checkpoint
 * @property {string} origin
 * @property {bigint} size
 * @property {Uint8Array} root
 * @property {string} text the signed part
 * @property {NoteSignature[]} signatures
 *
 * @typedef {object} Cosigned
 * @property {string} witness its name
 * @property {string} vkey
 * @property {string} at RFC 3339
 */

export const DECIMAL = /^(?:0|[1-9][0-9]{0,18})$/;
const SUBJECT = "checkpoint";
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
const MAX_CHARACTERS = 100_000;
const TIME_BYTES = 8;
const MAX_SECONDS = 253402300800n; // the year 10000

/**
 * Reads a signed checkpoint; nothing of it is believed yet.
 *
 * @param {string} note
 * @returns {Checkpoint}
 * @throws {ProofInvalid} it has not the form of c2sp.org/tlog-checkpoint
 */
export function parseCheckpoint(note) {
  if (note.length > MAX_CHARACTERS || CONTROL.test(note)) {
    throw new ProofInvalid(SUBJECT, "too long, or it has control characters");
  }
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0 || !note.endsWith("\n") || blank + 2 >= note.length) {
    throw new ProofInvalid(SUBJECT, "there is no signature");
  }
  const lines = note.slice(0, blank).split("\n");
  if (lines.length < 3 || lines.includes("")) {
    throw new ProofInvalid(SUBJECT, "it needs an origin, a size and a root");
  }
  if (!DECIMAL.test(lines[1])) throw new ProofInvalid(SUBJECT, "its size is not a decimal number");
  const root = fromBase64(lines[2]);
  if (root?.length !== HASH_BYTES) throw new ProofInvalid(SUBJECT, "its root does not have 32 bytes");
  const signatures = note.slice(blank + 2, -1).split("\n").map(parseSignature);
  return { origin: lines[0], size: BigInt(lines[1]), root, text: `${note.slice(0, blank)}\n`, signatures };
}

/**
 * @param {string} line
 * @returns {NoteSignature}
 */
function parseSignature(line) {
  const match = LINE.exec(line);
  const data = match && fromBase64(match[2]);
  if (!match || !data) throw new ProofInvalid(SUBJECT, "a signature line is malformed");
  return { name: match[1], id: hex(data.subarray(0, 4)), value: data.subarray(4) };
}

/**
 * Checks the signatures of the log's keys; those of unknown keys are passed over.
 *
 * @param {Checkpoint} checkpoint
 * @param {readonly NoteKey[]} keys
 * @throws {ProofInvalid} no known key signed it, or the signature of a known key is wrong
 */
export async function verifyCheckpoint(checkpoint, keys) {
  /** @type {NoteKey | null} */
  let signer = null;
  for (const [signature, key] of pairs(checkpoint, keys)) {
    if (!(await verifies(key, signature.value, utf8(checkpoint.text)))) {
      throw new ProofInvalid(SUBJECT, "the signature of {name} does not verify", { name: key.name });
    }
    signer ??= key;
  }
  if (!signer) throw new ProofInvalid(SUBJECT, "none of the known log keys signed it");
  if (signer.name !== checkpoint.origin) {
    throw new ProofInvalid(SUBJECT, "{name} signed for another log", { name: signer.name });
  }
}

/**
 * Checks the cosignatures of known witnesses (c2sp.org/tlog-cosignature, Ed25519 with a time).
 *
 * @param {Checkpoint} checkpoint
 * @param {readonly NoteKey[]} witnesses
 * @returns {Promise<Cosigned[]>} who saw the checkpoint when; those of unknown witnesses are passed over
 * @throws {ProofInvalid} the cosignature of a known witness does not verify
 */
export async function verifyCosignatures(checkpoint, witnesses) {
  /** @type {Map<string, Cosigned>} */
  const seen = new Map();
  for (const [{ value }, key] of pairs(checkpoint, witnesses)) {
    const seconds = value.length === TIME_BYTES + 64 ? uint64(value) : MAX_SECONDS;
    const signed = utf8(`cosignature/v1\ntime ${seconds}\n${checkpoint.text}`);
    if (seconds >= MAX_SECONDS || !(await verifies(key, value.subarray(TIME_BYTES), signed))) {
      throw new ProofInvalid(SUBJECT, "the cosignature of {name} does not verify", { name: key.name });
    }
    const at = rendered(Number(seconds) * 1000);
    const before = seen.get(key.vkey);
    if (!before || at < before.at) seen.set(key.vkey, { witness: key.name, vkey: key.vkey, at });
  }
  return [...seen.values()];
}

/** @param {Uint8Array} data */
function uint64(data) {
  return (BigInt(uint32(data, 0)) << 32n) | BigInt(uint32(data, 4));
}

/**
 * Each signature with each key that it says it is by.
 *
 * @param {Checkpoint} checkpoint
 * @param {readonly NoteKey[]} keys
 * @returns {[NoteSignature, NoteKey][]}
 */
function pairs(checkpoint, keys) {
  return checkpoint.signatures.flatMap((signature) =>
    keys
      .filter((key) => key.name === signature.name && key.id === signature.id)
      .map((key) => /** @type {[NoteSignature, NoteKey]} */ ([signature, key])),
  );
}
