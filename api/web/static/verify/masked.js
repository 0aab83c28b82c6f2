/** A masked picture is put together again from its visible tiles, and compared pixel by pixel. */
import { same } from "./bytes.js";
import { ProofInvalid } from "./fault.js";
import { DATA } from "./layout.js";
import { chunksOf, isPng, samplesOf } from "./png.js";
import { saltOf } from "./salted.js";
import { readTile, SIDE, tileName } from "./tiles.js";

const GREY = 128;
const RGB = 2;
const SUBJECT = "picture";
const FORM = /^IHDR(?: IDAT)+ tEXt IEND$/;

/**
 * @param {import("./zip.js").ZipReader} reader
 * @param {string} folder of the picture, below `data/`
 * @param {import("./entry.js").Tiles} tiles
 * @throws {ProofInvalid} it has another form, or other pixels
 */
export async function compareMasked(reader, folder, { listed, present }) {
  const data = await reader.read(`${DATA}${folder}/masked.png`);
  const chunks = isPng(data) ? chunksOf(data) : [];
  const samples = FORM.test(chunks.map(({ type }) => type).join(" ")) ? await samplesOf(chunks) : null;
  if (samples?.colour !== RGB) throw new ProofInvalid(SUBJECT, "not a plain PNG: only pixels and a salt belong in it");
  saltOf(data);
  const { width, height } = samples;
  const places = placesIn(width, height);
  if (places.size !== listed.size || [...listed.keys()].some((name) => !places.has(name))) {
    throw new ProofInvalid(SUBJECT, "it has another size than the picture whose tiles are listed");
  }
  const canvas = new Uint8Array(width * height * 3).fill(GREY);
  for (const name of present) {
    const path = `${folder}/${name}`;
    const tile = readTile(path, await reader.read(DATA + path));
    put(canvas, width, height, /** @type {Place} */ (places.get(name)), tile);
  }
  if (!same(canvas, samples.data)) throw new ProofInvalid(SUBJECT, "it shows other pixels than its tiles");
}

/**
 * Every tile's place in a picture of that size, by name.
 *
 * @typedef {{ top: number, left: number }} Place
 *
 * @param {number} width
 * @param {number} height
 */
function placesIn(width, height) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  for (let top = 0; top < height; top += SIDE) {
    for (let left = 0; left < width; left += SIDE) places.set(tileName(top / SIDE, left / SIDE), { top, left });
  }
  return places;
}

/**
 * @param {Uint8Array} canvas
 * @param {number} width
 * @param {number} height
 * @param {Place} place
 * @param {import("./tiles.js").Tile} tile
 */
function put(canvas, width, height, { top, left }, tile) {
  const fits = tile.width === Math.min(SIDE, width - left) && tile.height === Math.min(SIDE, height - top);
  if (!fits) throw new ProofInvalid(SUBJECT, "a tile that does not fill its place");
  for (let line = 0; line < tile.height; line += 1) {
    const row = tile.pixels.subarray(line * tile.width * 3, (line + 1) * tile.width * 3);
    canvas.set(row, ((top + line) * width + left) * 3);
  }
}
