/**
 * Cutting a post out of pictures of the window.
 *
 * @typedef {object} Box CSS pixels from the window's top left corner
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 *
 * @typedef {object} Geometry how the page stood when one picture was taken
 * @property {number} windowWidth CSS pixels that the picture is wide
 * @property {number | null} [scale] device pixels a CSS pixel, as the page says
 * @property {Box} post
 * @property {Box} clip the part of the window in which the post can be seen
 *
 * @typedef {object} Piece device pixels
 * @property {number} fromX
 * @property {number} fromY
 * @property {number} width
 * @property {number} height
 * @property {number} toX
 * @property {number} toY
 *
 * @typedef {object} Plan
 * @property {number} width device pixels of the result
 * @property {number} height
 * @property {Piece[]} pieces one for each picture
 * @property {boolean} isWhole whether the pieces cover every row and column of the post
 */

/** Forgives what floating point adds to a whole number. */
const EPSILON = 0.01;
/** A canvas side of Chromium holds 65,535; the area is bounded so that memory is. */
const MAX_SIDE = 32_000;
const MAX_AREA = 100_000_000;
/** Pixels at the border, and rows at a time, of the search for an empty picture. */
const EDGE = 4;
const BAND = 256;

/**
 * Where each picture's part goes. Pure: the same figures give the same plan.
 * @param {Geometry[]} geometries at least one; the post's size is that of the first
 * @param {number[]} pictureWidths device pixels, one for each
 * @returns {Plan}
 */
export function plan(geometries, pictureWidths) {
  const first = toDevice(geometries[0], pictureWidths[0]);
  const left = Math.max(first.post.left, first.clip.left);
  const width = Math.max(1, Math.min(first.post.right, first.clip.right) - left);
  const wanted = Math.max(1, first.post.bottom - first.post.top);
  const height = Math.min(wanted, MAX_SIDE, Math.floor(MAX_AREA / width));
  const pieces = geometries.map((geometry, index) => {
    const { post, clip } = toDevice(geometry, pictureWidths[index]);
    const top = Math.max(post.top, clip.top);
    const bottom = Math.min(post.top + height, clip.bottom);
    return { fromX: left, fromY: top, width, height: Math.max(0, bottom - top), toX: 0, toY: top - post.top };
  });
  const isWide = width >= first.post.right - first.post.left;
  return { width, height, pieces, isWhole: isWide && height === wanted && covers(pieces, height) };
}

/**
 * @param {Geometry} geometry
 * @param {number} pictureWidth
 */
function toDevice({ windowWidth, scale: said, post, clip }, pictureWidth) {
  // The page says how many device pixels one of its own has; a window of a broken width cannot tell
  // so exactly. A picture of another size than that is measured instead.
  const isFit = said && Math.abs(pictureWidth - windowWidth * said) <= said + 1;
  const scale = isFit ? said : pictureWidth / windowWidth;
  return { post: outer(post, scale), clip: outer(clip, scale) };
}

/** @param {Box} box @param {number} scale @returns {Box} the whole pixels that it touches */
function outer(box, scale) {
  return {
    left: Math.floor(box.left * scale + EPSILON),
    top: Math.floor(box.top * scale + EPSILON),
    right: Math.ceil(box.right * scale - EPSILON),
    bottom: Math.ceil(box.bottom * scale - EPSILON),
  };
}

/** @param {Piece[]} pieces @param {number} height */
function covers(pieces, height) {
  let covered = 0;
  for (const piece of [...pieces].sort((one, other) => one.toY - other.toY)) {
    if (piece.toY > covered) return false;
    covered = Math.max(covered, piece.toY + piece.height);
  }
  return covered >= height;
}

/**
 * @param {Uint8Array<ArrayBuffer>[]} pictures PNG, in the order of the geometries
 * @param {Geometry[]} geometries
 * @returns {Promise<{png: Uint8Array<ArrayBuffer>, isWhole: boolean, isBlank: boolean, plan: Plan}>}
 */
export async function cut(pictures, geometries) {
  const bitmaps = await Promise.all(pictures.map(decode));
  const layout = plan(geometries, bitmaps.map((bitmap) => bitmap.width));
  const canvas = new OffscreenCanvas(layout.width, layout.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  layout.pieces.forEach((piece, index) => {
    if (piece.height > 0) draw(context, bitmaps[index], piece);
    bitmaps[index].close();
  });
  const isBlank = isOneColour(context, layout.width, layout.height);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  const png = new Uint8Array(await blob.arrayBuffer());
  return { png, isWhole: layout.isWhole, isBlank, plan: layout };
}

/** @param {Uint8Array<ArrayBuffer>} png */
export function decode(png) {
  const blob = new Blob([png], { type: "image/png" });
  return createImageBitmap(blob, { colorSpaceConversion: "none" });
}

/** @param {OffscreenCanvasRenderingContext2D} context @param {ImageBitmap} bitmap @param {Piece} piece */
function draw(context, bitmap, { fromX, fromY, width, height, toX, toY }) {
  context.drawImage(bitmap, fromX, fromY, width, height, toX, toY, width, height);
}

/**
 * Whether a picture shows nothing: within a thin edge, where a frame or the page behind may show,
 * every pixel has the same colour. Read in bands, to hold little of a tall picture in memory twice.
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 */
function isOneColour(context, width, height) {
  const edge = Math.min(EDGE, Math.floor((Math.min(width, height) - 1) / 2));
  let first = null;
  for (let top = edge; top < height - edge; top += BAND) {
    const rows = Math.min(BAND, height - edge - top);
    const pixels = new Uint32Array(context.getImageData(edge, top, width - 2 * edge, rows).data.buffer);
    first ??= pixels[0];
    for (const pixel of pixels) if (pixel !== first) return false;
  }
  return true;
}

/** @param {Uint8Array<ArrayBuffer>} png @returns {Promise<{isBlank: boolean, width: number}>} whether it shows nothing */
export async function isBlankPicture(png) {
  const bitmap = await decode(png);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(bitmap, 0, 0);
  return { isBlank: isOneColour(context, bitmap.width, bitmap.height), width: bitmap.width };
}
