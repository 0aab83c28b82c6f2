import { canonicalJson } from "./canonical.js";
import { utf8 } from "./bytes.js";
import { pixelsOf } from "./masking.js";
import { ppm, tilesOf } from "./tiles.js";
import { words } from "./words.js";
import { crc32, zip } from "./zip.js";

/**
 * The original of a masked capture as a file for its owner: each picture with its salt inside, its
 * list of tiles, which was sent and is in the bundle, and the tiles themselves, so that sha256sum
 * alone can compare them.
 * @param {import("./originals.js").Original} original
 * @returns {Promise<Blob>}
 */
export async function originalFile({ id, kept_at, pictures, others, reading }) {
  /** @type {[string, Uint8Array<ArrayBuffer>][]} */
  const files = [["README.txt", utf8(words("original_readme", [id, kept_at]))]];
  for (const { folder, png, seed, tiles } of pictures) {
    files.push([`${folder}/original.png`, saltedPng(png, seed)], [`${folder}/TILES.sha256`, utf8(tiles)]);
    const pixels = await pixelsOf(png);
    const made = await tilesOf(pixels, seed);
    for (const [number, { name, salt }] of made.entries()) files.push([`${folder}/${name}`, ppm(pixels, number, salt)]);
  }
  for (const { role, name, data } of others) files.push([`${role}/${name}`, data]);
  files.push(["post.json", utf8(canonicalJson(reading))]);
  return zip(files);
}

/**
 * The picture as it was, with the salt of its tiles in a chunk that decoders pass over (PNG: tEXt
 * before IEND), as in a bundle.
 * @param {Uint8Array<ArrayBuffer>} png
 * @param {Uint8Array<ArrayBuffer>} seed
 */
export function saltedPng(png, seed) {
  const hex = Array.from(seed, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const chunk = utf8(`tEXtrature-salt\0${hex}`);
  const end = placeOfEnd(png);
  const salted = new Uint8Array(png.length + chunk.length + 8);
  const view = new DataView(salted.buffer);
  salted.set(png.subarray(0, end));
  view.setUint32(end, chunk.length - 4);
  salted.set(chunk, end + 4);
  view.setUint32(end + 4 + chunk.length, crc32(chunk));
  salted.set(png.subarray(end), end + 8 + chunk.length);
  return salted;
}

/** @param {Uint8Array<ArrayBuffer>} png @returns {number} where its last chunk, IEND, begins */
function placeOfEnd(png) {
  const view = new DataView(png.buffer, png.byteOffset);
  let at = 8;
  while (view.getUint32(at + 4) !== 0x49454e44) at += 12 + view.getUint32(at);
  return at;
}
