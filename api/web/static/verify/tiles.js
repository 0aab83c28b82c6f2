/**
 * The pixels of a picture as salted tiles: binary PPM of 32x32 pixels, smaller at the right and
 * bottom edges, the salt in a comment. Tile number i counts row by row; its salt is the first half
 * of HMAC-SHA256(seed, "tile:i").
 */
import { hex, sha256, utf8 } from "./bytes.js";
import { ProofInvalid } from "./fault.js";

/**
 * @typedef {object} Tile
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array} pixels three bytes each
 */

export const SIDE = 32;
const AT_ONCE = 256;
const FORM = /^P6\n# rature-salt [0-9a-f]{32}\n([1-9][0-9]?) ([1-9][0-9]?)\n255\n/;
const FORM_BYTES = 70; // more than the longest head

/**
 * Checks that a tile is one PPM with its salt and nothing beside it.
 *
 * @param {string} subject
 * @param {Uint8Array} data
 * @returns {Tile}
 * @throws {ProofInvalid} it has another form
 */
export function readTile(subject, data) {
  const match = FORM.exec(String.fromCharCode(...data.subarray(0, FORM_BYTES)));
  if (!match) throw new ProofInvalid(subject, "not a salted PPM tile");
  const [width, height] = [Number(match[1]), Number(match[2])];
  const start = match[0].length;
  if (Math.max(width, height) > SIDE || data.length !== start + width * height * 3) {
    throw new ProofInvalid(subject, "a tile of a wrong size");
  }
  return { width, height, pixels: data.subarray(start) };
}

/**
 * `TILES.sha256` of a whole picture.
 *
 * @param {Uint8Array} rgb three bytes a pixel
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} seed
 */
export async function tileList(rgb, width, height, seed) {
  const kind = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new Uint8Array(seed), kind, false, ["sign"]);
  const [columns, rows] = [Math.ceil(width / SIDE), Math.ceil(height / SIDE)];
  const lines = [];
  for (let start = 0; start < columns * rows; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, columns * rows - start) }, (_, at) => start + at);
    const some = numbers.map(async (number) => {
      const salt = hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(`tile:${number}`)))).slice(0, 32);
      const [row, column] = [Math.floor(number / columns), number % columns];
      return `${await sha256(tileBytes(rgb, width, height, row, column, salt))}  ${tileName(row, column)}\n`;
    });
    lines.push(...(await Promise.all(some)));
  }
  return utf8(lines.join(""));
}

/**
 * @param {number} row
 * @param {number} column
 */
export function tileName(row, column) {
  return `tiles/${String(row).padStart(4, "0")}-${String(column).padStart(4, "0")}.ppm`;
}

/**
 * @param {Uint8Array} rgb
 * @param {number} width of the picture
 * @param {number} height
 * @param {number} row
 * @param {number} column
 * @param {string} salt
 */
function tileBytes(rgb, width, height, row, column, salt) {
  const [left, top] = [column * SIDE, row * SIDE];
  const [wide, high] = [Math.min(SIDE, width - left), Math.min(SIDE, height - top)];
  const head = utf8(`P6\n# rature-salt ${salt}\n${wide} ${high}\n255\n`);
  const data = new Uint8Array(head.length + wide * high * 3);
  data.set(head);
  for (let line = 0; line < high; line += 1) {
    const start = ((top + line) * width + left) * 3;
    data.set(rgb.subarray(start, start + wide * 3), head.length + line * wide * 3);
  }
  return data;
}
