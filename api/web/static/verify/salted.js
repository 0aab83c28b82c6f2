/** Finds the salt that a picture carries in a part which decoders pass over. */
import { fromHex, reads, uint32 } from "./bytes.js";
import { ProofInvalid } from "./fault.js";
import { isPng } from "./png.js";

const SEED = /^rature-salt\0([0-9a-f]{64})$/;
const TEXT_BYTES = 12 + 64;
const SUBJECT = "picture";

/**
 * @param {Uint8Array} data
 * @returns {{ kind: "png" | "jpg" | "webp", seed: Uint8Array }}
 * @throws {ProofInvalid} no picture of these kinds, or no salt where it belongs
 */
export function saltOf(data) {
  if (isPng(data)) {
    const at = pngEnd(data) - TEXT_BYTES - 12;
    return { kind: "png", seed: seedAfter(data, at, "\0\0\0\x4ctEXt") };
  }
  if (reads(data, 0, "\xff\xd8\xff")) {
    return { kind: "jpg", seed: seedAfter(data, jpegStart(data), "\xff\xfe\0\x4e") };
  }
  if (reads(data, 0, "RIFF") && reads(data, 8, "WEBP")) {
    return { kind: "webp", seed: seedAfter(data, data.length - TEXT_BYTES - 8, "rtSL\x4c\0\0\0") };
  }
  throw new ProofInvalid(SUBJECT, "not a PNG, JPEG or WebP picture");
}

/**
 * @param {Uint8Array} data
 * @param {number} at
 * @param {string} head of the part that carries the salt
 */
function seedAfter(data, at, head) {
  const start = at + head.length;
  const match = SEED.exec(String.fromCharCode(...data.subarray(Math.max(start, 0), start + TEXT_BYTES)));
  if (at < 0 || !reads(data, at, head) || !match) throw new ProofInvalid(SUBJECT, "it carries no salt");
  return fromHex(match[1]);
}

/**
 * Where the IEND chunk begins.
 *
 * @param {Uint8Array} data
 */
function pngEnd(data) {
  for (let at = 8; at + 8 <= data.length; at += 12 + uint32(data, at)) {
    if (reads(data, at + 4, "IEND")) return at;
  }
  throw new ProofInvalid(SUBJECT, "the picture is broken or cut short");
}

/**
 * Where the first segment after the leading APPn segments begins.
 *
 * @param {Uint8Array} data
 */
function jpegStart(data) {
  let at = 2;
  while (data[at] === 0xff && data[at + 1] >= 0xe0 && data[at + 1] <= 0xef) {
    at += 2 + data[at + 2] * 256 + data[at + 3];
  }
  return at;
}
