/**
 * A ZIP whose files are stored as they are. No library: it is a head and a table of contents.
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
 */

const UTF8_NAMES = 0x0800;
const VERSION = 20;
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

/** @param {[number, number][]} fields value and its width in bytes, 2 or 4 @returns {Uint8Array<ArrayBuffer>} little endian */
function packed(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
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
  const end = packed([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]]);
  return new Blob([...body, ...contents, end], { type: "application/zip" });
}
