/** The central directory of a ZIP file (APPNOTE 4.3.12 to 4.3.16), in the plain form alone. */
import { ProofInvalid } from "./fault.js";
import { SAFE_PATH } from "./lists.js";

/**
 * @typedef {import("./source.js").Source} Source
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} method 0 stored, 8 deflated
 * @property {number} crc
 * @property {number} packedSize
 * @property {number} size
 * @property {number} offset of its own header
 * @property {number} limit where the next file, or the directory, begins
 *
 * @typedef {object} End
 * @property {number} count
 * @property {number} size of the directory
 * @property {number} offset of the directory
 * @property {number} at where whatever follows the directory begins
 */

export const MAX_ENTRIES = 300_000;
export const MAX_FILE_BYTES = 2 ** 29;
export const MAX_TOTAL_BYTES = 2 ** 32;
const ZIP = "ZIP";
const END = 0x06054b50;
const END_BYTES = 22;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const END_64_BYTES = 56;
const LOCATOR_64_BYTES = 20;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const ALLOWED_FLAGS = 0x080e; // how hard it was packed, sizes behind the data, UTF-8 names
const UNKNOWN_32 = 0xffffffff;
const PLAIN_FILE = 0o100000;
const KIND_MASK = 0o170000;

/**
 * Every entry by its name, after checking its header.
 *
 * @param {Source} archive
 * @returns {Promise<Map<string, Entry> | null>} null: not a ZIP file
 * @throws {ProofInvalid} an entry that no bundle has, or too much of them
 */
export async function directoryOf(archive) {
  const end = await findEnd(archive);
  if (!end) return null;
  if (end.count > MAX_ENTRIES) {
    throw new ProofInvalid(ZIP, "{count} entries are more than are allowed", { count: end.count });
  }
  if (end.offset + end.size !== end.at) throw damaged();
  const view = viewOf(await archive.bytes(end.offset, end.at));
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  let at = 0;
  let total = 0;
  for (let number = 0; number < end.count; number += 1) {
    const [entry, next] = readEntry(view, at);
    if (entries.has(entry.name)) throw new ProofInvalid(entry.name, "it is in the archive twice");
    entries.set(entry.name, entry);
    total += entry.size;
    at = next;
  }
  if (at !== view.byteLength) throw damaged();
  if (total > MAX_TOTAL_BYTES) throw new ProofInvalid(ZIP, "it unpacks to more than is allowed");
  setLimits(entries, end.offset);
  return entries;
}

/** @param {Uint8Array} bytes */
export function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged() {
  return new ProofInvalid(ZIP, "the archive's directory is damaged");
}

/**
 * The end record: the last bytes of the file, with a comment or without.
 *
 * @param {Source} archive
 * @returns {Promise<End | null>}
 */
async function findEnd(archive) {
  const start = Math.max(0, archive.size - END_BYTES - 0xffff - END_64_BYTES - LOCATOR_64_BYTES);
  const view = viewOf(await archive.bytes(start, archive.size));
  for (let at = view.byteLength - END_BYTES; at >= 0; at -= 1) {
    const fits = view.getUint32(at, true) === END && view.getUint16(at + 20, true) === view.byteLength - at - END_BYTES;
    if (fits) return readEnd(view, at, start);
  }
  return null;
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} start where the view begins in the file
 * @returns {End}
 */
function readEnd(view, at, start) {
  const disks = view.getUint32(at + 4, true);
  const count = view.getUint16(at + 10, true);
  const [size, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  if (disks !== 0 || view.getUint16(at + 8, true) !== count) throw damaged();
  if (count !== 0xffff && size !== UNKNOWN_32 && offset !== UNKNOWN_32) {
    return { count, size, offset, at: start + at };
  }
  return readEnd64(view, at - LOCATOR_64_BYTES, start);
}

/**
 * @param {DataView} view
 * @param {number} locator
 * @param {number} start
 * @returns {End}
 */
function readEnd64(view, locator, start) {
  const at = locator - END_64_BYTES;
  const fits =
    at >= 0 && view.getUint32(locator, true) === LOCATOR_64 && view.getUint32(at, true) === END_64 &&
    view.getBigUint64(at + 4, true) === 44n && view.getBigUint64(locator + 8, true) === BigInt(start + at);
  if (!fits) throw damaged();
  const [count, size, offset] = [32, 40, 48].map((place) => Number(view.getBigUint64(at + place, true)));
  return { count, size, offset, at: start + at };
}

/**
 * @param {DataView} view
 * @param {number} at
 * @returns {[Entry, number]} the entry, and where the next one begins
 */
function readEntry(view, at) {
  const fits = at + CENTRAL_BYTES <= view.byteLength && view.getUint32(at, true) === CENTRAL;
  if (!fits) throw damaged();
  const [named, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
  const next = at + CENTRAL_BYTES + named + extra + comment;
  if (next > view.byteLength) throw damaged();
  const name = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_BYTES, named));
  checkEntry(view, at, name);
  let offset = view.getUint32(at + 42, true);
  if (offset === UNKNOWN_32) offset = offset64(view, at + CENTRAL_BYTES + named, extra);
  const [crc, packedSize, size] = [16, 20, 24].map((place) => view.getUint32(at + place, true));
  const method = view.getUint16(at + 10, true);
  return [{ name, method, crc, packedSize, size, offset, limit: 0 }, next];
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {string} name
 */
function checkEntry(view, at, name) {
  if (!SAFE_PATH.test(name)) throw new ProofInvalid(JSON.stringify(name), "a name that no bundle has");
  const kind = (view.getUint32(at + 38, true) >>> 16) & KIND_MASK;
  if (kind !== 0 && kind !== PLAIN_FILE) throw new ProofInvalid(name, "not a plain file");
  if (view.getUint32(at + 24, true) > MAX_FILE_BYTES) throw new ProofInvalid(name, "it is too large");
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if (flags & 1) throw new ProofInvalid(name, "it is encrypted");
  if (flags & ~ALLOWED_FLAGS || (method !== 0 && method !== 8)) {
    throw new ProofInvalid(name, "it is packed in a way that no bundle uses");
  }
}

/**
 * The offset of a file that lies beyond 4 GB: the only value that its extra field then has.
 *
 * @param {DataView} view
 * @param {number} at
 * @param {number} length
 */
function offset64(view, at, length) {
  if (length !== 12 || view.getUint16(at, true) !== 1 || view.getUint16(at + 2, true) !== 8) throw damaged();
  return Number(view.getBigUint64(at + 4, true));
}

/**
 * @param {Map<string, Entry>} entries
 * @param {number} end where the directory begins
 */
function setLimits(entries, end) {
  let limit = end;
  for (const entry of [...entries.values()].sort((one, other) => other.offset - one.offset)) {
    if (entry.offset >= limit) throw new ProofInvalid(entry.name, "it overlaps another file of the archive");
    entry.limit = limit;
    limit = entry.offset;
  }
}
