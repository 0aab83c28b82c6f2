/**
 * A ZIP whose files are stored as they are: a head for each and a table of contents. Why it is no
 * library's: docs/adr/0024-a-zip-of-our-own.md.
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
 */

const UTF8_NAMES = 0x0800;
const VERSION = 20;
const VERSION_OF_ZIP64 = 45;
/** What the plain end of a ZIP can count; the tiles of a tall picture of a fine screen are more. */
const MOST_FILES = 0xffff;
/** The first day of 1980, midnight: the same files give the same bytes. */
const DATE = 0x0021;

const TABLE = Object.freeze(
  Array.from({ length: 256 }, (_, start) => {
    let value = start;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value >>> 0;
  }),
);

/** @param {Uint8Array} data @returns {number} CRC-32 */
export function crc32(data) {
  let sum = 0xffffffff;
  for (const byte of data) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff];
  return (sum ^ 0xffffffff) >>> 0;
}

/** @param {[number, number][]} fields value and its width in bytes, 2, 4 or 8 @returns {Uint8Array<ArrayBuffer>} little endian */
function packed(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return bytes;
}

/**
 * @param {[string, Uint8Array<ArrayBuffer>][]} files name and bytes; below 4 GiB together
 * @returns {Blob}
 */
export function zip(files) {
  /** @type {Uint8Array<ArrayBuffer>[]} */ const body = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */ const contents = [];
  let offset = 0;
  for (const [name, data] of files) {
    const path = new TextEncoder().encode(name);
    /** @type {[number, number][]} */
    const common = [[VERSION, 2], [UTF8_NAMES, 2], [0, 2], [0, 2], [DATE, 2], [crc32(data), 4], [data.length, 4], [data.length, 4], [path.length, 2], [0, 2]];
    const head = packed([[0x04034b50, 4], ...common]);
    body.push(head, path, data);
    contents.push(packed([[0x02014b50, 4], [VERSION, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), path);
    offset += head.length + path.length + data.length;
  }
  const size = contents.reduce((sum, part) => sum + part.length, 0);
  return new Blob([...body, ...contents, ...ends(files.length, size, offset)], { type: "application/zip" });
}

/**
 * @param {number} count of files
 * @param {number} size of the table of contents, in bytes
 * @param {number} offset where that begins
 * @returns {Uint8Array<ArrayBuffer>[]}
 */
function ends(count, size, offset) {
  const shown = Math.min(count, MOST_FILES);
  const end = packed([[0x06054b50, 4], [0, 2], [0, 2], [shown, 2], [shown, 2], [size, 4], [offset, 4], [0, 2]]);
  if (count <= MOST_FILES) return [end];
  const whole = packed([[0x06064b50, 4], [44, 8], [VERSION_OF_ZIP64, 2], [VERSION_OF_ZIP64, 2], [0, 4], [0, 4], [count, 8], [count, 8], [size, 8], [offset, 8]]);
  const locator = packed([[0x07064b50, 4], [0, 4], [offset + size, 8], [1, 4]]);
  return [whole, locator, end];
}
