/** Decoded samples to RGB, exactly as the service does it: what is transparent stands on white. */

/** @typedef {import("./png.js").Samples} Samples */

/**
 * @param {Samples} samples
 * @returns {Uint8Array} three bytes a pixel, row by row
 */
export function rgbOf(samples) {
  if (samples.colour === 2 && !samples.transparency) return samples.data;
  const pick = PICK[samples.colour](samples);
  const count = samples.width * samples.height;
  const rgb = new Uint8Array(count * 3);
  const pixel = new Uint8Array(4);
  for (let at = 0; at < count; at += 1) {
    pick(at, pixel);
    for (let channel = 0; channel < 3; channel += 1) {
      rgb[at * 3 + channel] = onWhite(pixel[channel], pixel[3]);
    }
  }
  return rgb;
}

/**
 * Puts the four channels of pixel number `at` into `pixel`.
 *
 * @typedef {(at: number, pixel: Uint8Array) => void} Pick
 */

/** @type {Record<number, (samples: Samples) => Pick>} */
const PICK = {
  0: ({ data, transparency }) => (at, pixel) => {
    pixel.fill(data[at], 0, 3);
    pixel[3] = transparency && transparency[1] === data[at] && transparency[0] === 0 ? 0 : 255;
  },
  2: ({ data, transparency }) => (at, pixel) => {
    const colour = data.subarray(at * 3, at * 3 + 3);
    pixel.set(colour);
    const isHidden = (/** @type {number} */ value, /** @type {number} */ channel) =>
      transparency?.[channel * 2] === 0 && transparency[channel * 2 + 1] === value;
    pixel[3] = colour.every(isHidden) ? 0 : 255;
  },
  3: ({ data, palette, transparency }) => (at, pixel) => {
    const index = data[at];
    for (let channel = 0; channel < 3; channel += 1) pixel[channel] = palette[index * 3 + channel] ?? 0;
    pixel[3] = transparency?.[index] ?? 255;
  },
  4: ({ data }) => (at, pixel) => {
    pixel.fill(data[at * 2], 0, 3);
    pixel[3] = data[at * 2 + 1];
  },
  6: ({ data }) => (at, pixel) => pixel.set(data.subarray(at * 4, at * 4 + 4)),
};

/**
 * One channel over white, rounded as Pillow's `alpha_composite` rounds.
 *
 * @param {number} value
 * @param {number} alpha
 */
function onWhite(value, alpha) {
  if (alpha === 255) return value;
  const sum = (value * alpha + 255 * (255 - alpha)) * 128 + 0x80 * 128;
  return (((sum >> 8) + sum) >> 8) >> 7;
}
