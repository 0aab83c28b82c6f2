/**
 * The tiles of a picture, as `docs/bundle.md` defines them: 32x32 pixels as binary PPM, each with a
 * salt of its own, made from the picture's one salt. Their list commits to every pixel; without the
 * salts nobody can guess what a hidden tile shows.
 */

export const SIDE = 32;
const SALT_BYTES = 16;
export const SEED_BYTES = 32;
/** What hidden tiles show: the same grey as in a masked bundle. */
export const GREY = 128;

/**
 * @typedef {object} Pixels
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray} data RGBA, opaque
 *
 * @typedef {object} Tile
 * @property {string} name for instance `tiles/0003-0012.ppm` (row, column)
 * @property {string} salt 32 hex digits
 * @property {string} sha256 of its PPM
 */

/** @param {number} width @param {number} height */
export function grid(width, height) {
  return { columns: Math.ceil(width / SIDE), rows: Math.ceil(height / SIDE) };
}

/**
 * The tiles that any of the boxes touches.
 * @param {number[][]} boxes left, top, right, bottom in pixels
 * @param {number} width of the picture
 * @param {number} height
 * @returns {Set<number>} counted row by row
 */
export function touched(boxes, width, height) {
  const { columns, rows } = grid(width, height);
  const found = new Set();
  for (const [left, top, right, bottom] of boxes) {
    if (right <= left || bottom <= top) continue;
    const last = { row: Math.min(rows, Math.ceil(bottom / SIDE)), column: Math.min(columns, Math.ceil(right / SIDE)) };
    for (let row = Math.max(0, Math.floor(top / SIDE)); row < last.row; row += 1) {
      for (let column = Math.max(0, Math.floor(left / SIDE)); column < last.column; column += 1) found.add(row * columns + column);
    }
  }
  return found;
}

/** @param {number} number @param {number} columns */
export function tileName(number, columns) {
  const place = [Math.floor(number / columns), number % columns];
  return `tiles/${place.map((at) => String(at).padStart(4, "0")).join("-")}.ppm`;
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Uint8Array<ArrayBuffer>} seed
 * @returns {Promise<(number: number) => Promise<string>>} gives each tile's salt: HMAC-SHA256(seed, "tile:N"), 16 bytes
 */
async function salter(seed) {
  const key = await crypto.subtle.importKey("raw", seed, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return async (number) => {
    const code = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`tile:${number}`));
    return hex(new Uint8Array(code).slice(0, SALT_BYTES));
  };
}

/**
 * One tile as PPM.
 * @param {Pixels} pixels
 * @param {number} number
 * @param {string} salt
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function ppm({ width, height, data }, number, salt) {
  const { columns } = grid(width, height);
  const left = (number % columns) * SIDE;
  const top = Math.floor(number / columns) * SIDE;
  const wide = Math.min(SIDE, width - left);
  const high = Math.min(SIDE, height - top);
  const head = new TextEncoder().encode(`P6\n# rature-salt ${salt}\n${wide} ${high}\n255\n`);
  const bytes = new Uint8Array(head.length + wide * high * 3);
  bytes.set(head);
  let at = head.length;
  for (let row = top; row < top + high; row += 1) {
    for (let from = (row * width + left) * 4, end = from + wide * 4; from < end; from += 4) {
      bytes[at] = data[from];
      bytes[at + 1] = data[from + 1];
      bytes[at + 2] = data[from + 2];
      at += 3;
    }
  }
  return bytes;
}

/**
 * Every tile of a picture with its salt and hash, row by row.
 * @param {Pixels} pixels
 * @param {Uint8Array<ArrayBuffer>} seed
 * @returns {Promise<Tile[]>}
 */
export async function tilesOf(pixels, seed) {
  const saltOf = await salter(seed);
  const { columns, rows } = grid(pixels.width, pixels.height);
  const found = [];
  for (let row = 0; row < rows; row += 1) {
    // a row at a time: all at once would hold the picture in memory several times
    const numbers = Array.from({ length: columns }, (_, column) => row * columns + column);
    found.push(...(await Promise.all(numbers.map((number) => tileOf(pixels, number, columns, saltOf)))));
  }
  return found;
}

/** @param {Pixels} pixels @param {number} number @param {number} columns @param {(number: number) => Promise<string>} saltOf @returns {Promise<Tile>} */
async function tileOf(pixels, number, columns, saltOf) {
  const salt = await saltOf(number);
  const digest = await crypto.subtle.digest("SHA-256", ppm(pixels, number, salt));
  return { name: tileName(number, columns), salt, sha256: hex(new Uint8Array(digest)) };
}

/** `TILES.sha256`, in the form of sha256sum. @param {Tile[]} tiles */
export function tileList(tiles) {
  return tiles.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

/** The salts of the tiles that are shown, in the same form. @param {Tile[]} tiles @param {Set<number>} hidden */
export function saltList(tiles, hidden) {
  return tiles.filter((_, number) => !hidden.has(number)).map(({ name, salt }) => `${salt}  ${name}\n`).join("");
}
