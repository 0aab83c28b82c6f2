/** PNG (ISO/IEC 15948): its chunks, and the pixels of the plain forms: 8 bits, not interlaced. */
import { joined, uint32 } from "./bytes.js";
import { crc32 } from "./crc32.js";
import { ProofInvalid } from "./fault.js";
import { inflate } from "./inflate.js";
import { unfilter } from "./png_filter.js";

/**
 * @typedef {object} Chunk
 * @property {string} type
 * @property {Uint8Array} data
 *
 * @typedef {object} Samples
 * @property {number} width
 * @property {number} height
 * @property {number} colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @property {Uint8Array} data the channels of each pixel, row by row
 * @property {Uint8Array} palette
 * @property {Uint8Array | null} transparency
 */

export const MAX_PIXELS = 120_000_000;
const HEAD = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
const HEAD_BYTES = 8;
const SUBJECT = "picture";
/** @type {Record<number, number>} */
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** @param {Uint8Array} data */
export function isPng(data) {
  return HEAD.every((byte, at) => data[at] === byte);
}

/**
 * @param {Uint8Array} data
 * @returns {Chunk[]}
 * @throws {ProofInvalid} it is cut short, or a chunk is broken
 */
export function chunksOf(data) {
  const chunks = [];
  for (let at = HEAD_BYTES; at + 12 <= data.length; ) {
    const end = at + 12 + uint32(data, at);
    const checked = data.subarray(at + 4, end - 4);
    if (end > data.length || crc32(checked) !== uint32(data, end - 4)) break;
    const type = String.fromCharCode(...checked.subarray(0, 4));
    chunks.push({ type, data: checked.subarray(4) });
    if (type === "IEND") {
      if (end !== data.length) throw new ProofInvalid(SUBJECT, "bytes follow the end of the picture");
      return chunks;
    }
    at = end;
  }
  throw broken();
}

function broken() {
  return new ProofInvalid(SUBJECT, "the picture is broken or cut short");
}

/**
 * @param {readonly Chunk[]} chunks
 * @returns {Promise<Samples | null>} null: a form that is not read here
 * @throws {ProofInvalid} it is broken, or has too many pixels
 */
export async function samplesOf(chunks) {
  const head = chunks[0];
  if (head.type !== "IHDR" || head.data.length !== 13) throw broken();
  const [width, height] = [uint32(head.data, 0), uint32(head.data, 4)];
  const [depth, colour, , , interlaced] = head.data.subarray(8);
  if (width * height > MAX_PIXELS) throw new ProofInvalid(SUBJECT, "it has more pixels than are allowed");
  if (width * height === 0) throw broken();
  if (depth !== 8 || interlaced !== 0 || !(colour in CHANNELS) || has(chunks, "acTL")) return null;
  const stride = width * CHANNELS[colour];
  const packed = chunks.filter(({ type }) => type === "IDAT").map(({ data }) => new Uint8Array(data));
  const filtered = await inflate(packed, "deflate", height * (stride + 1));
  const data = filtered && unfilter(filtered, height, stride, CHANNELS[colour]);
  if (!data) throw broken();
  const palette = dataOf(chunks, "PLTE") ?? new Uint8Array();
  return { width, height, colour, data, palette, transparency: dataOf(chunks, "tRNS") };
}

/**
 * @param {readonly Chunk[]} chunks
 * @param {string} type
 */
function has(chunks, type) {
  return chunks.some((chunk) => chunk.type === type);
}

/**
 * @param {readonly Chunk[]} chunks
 * @param {string} type
 */
function dataOf(chunks, type) {
  const found = chunks.filter((chunk) => chunk.type === type);
  return found.length > 0 ? joined(found.map(({ data }) => data)) : null;
}

