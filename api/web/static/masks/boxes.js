/**
 * Boxes on a picture: [left, top, right, bottom] in its pixels, right and bottom excluded.
 * Nothing here knows of the page.
 *
 * @typedef {[number, number, number, number]} Box
 * @typedef {{width: number, height: number}} Size
 */

/** Smallest side of a box that is drawn; a click is not a box. */
const LEAST = 4;

/**
 * Reads the lines of a text area; lines that are no boxes are passed over.
 * @param {string} text
 * @param {Size} size
 * @returns {Box[]}
 */
export function parse(text, size) {
  return text
    .split("\n")
    .map((line) => line.trim().split(/[\s,;]+/u).map(Number))
    .filter((numbers) => numbers.length === 4 && numbers.every(Number.isFinite))
    .map((numbers) => fit(/** @type {Box} */ (numbers), size));
}

/**
 * Writes them as the service reads them.
 * @param {Box[]} boxes
 */
export function render(boxes) {
  return boxes.map((box) => box.join(" ")).join("\n");
}

/**
 * The box between two corners, in whole pixels, within the picture, one pixel large at the least.
 * @param {Box} box
 * @param {Size} size
 * @returns {Box}
 */
export function fit([left, top, right, bottom], { width, height }) {
  const [x0, x1] = order(left, right, width);
  const [y0, y1] = order(top, bottom, height);
  return [x0, y0, x1, y1];
}

/** @param {number} one @param {number} other @param {number} limit */
function order(one, other, limit) {
  const low = Math.min(Math.max(0, Math.floor(Math.min(one, other))), limit - 1);
  const high = Math.max(Math.min(limit, Math.ceil(Math.max(one, other))), low + 1);
  return [low, high];
}

/**
 * The box at another place; at the picture's edge it keeps its size.
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 * @param {Size} size
 * @returns {Box}
 */
export function moved([left, top, right, bottom], dx, dy, { width, height }) {
  const x = Math.min(Math.max(Math.round(dx), -left), width - right);
  const y = Math.min(Math.max(Math.round(dy), -top), height - bottom);
  return [left + x, top + y, right + x, bottom + y];
}

/**
 * The box with its right and bottom edge moved.
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 * @param {Size} size
 * @returns {Box}
 */
export function resized([left, top, right, bottom], dx, dy, size) {
  return fit([left, top, Math.max(left + 1, right + dx), Math.max(top + 1, bottom + dy)], size);
}

/** Whether a drawn box is meant as one. @param {Box} box */
export function isDrawn([left, top, right, bottom]) {
  return right - left >= LEAST && bottom - top >= LEAST;
}

/**
 * What a box really hides: every tile that it touches.
 * @param {Box} box
 * @param {Size} size
 * @param {number} side of a tile
 * @returns {Box}
 */
export function hidden([left, top, right, bottom], { width, height }, side) {
  return [
    Math.floor(left / side) * side,
    Math.floor(top / side) * side,
    Math.min(width, Math.ceil(right / side) * side),
    Math.min(height, Math.ceil(bottom / side) * side),
  ];
}

/**
 * How many tiles the boxes hide, and how many there are.
 * @param {Box[]} boxes
 * @param {Size} size
 * @param {number} side of a tile
 */
export function count(boxes, { width, height }, side) {
  const columns = Math.ceil(width / side);
  const tiles = new Set();
  for (const [left, top, right, bottom] of boxes) {
    for (let row = Math.floor(top / side); row * side < bottom; row += 1) {
      for (let column = Math.floor(left / side); column * side < right; column += 1) {
        tiles.add(row * columns + column);
      }
    }
  }
  return { tiles: tiles.size, total: columns * Math.ceil(height / side) };
}

/** States of a list of boxes, to go back and forth between. */
export class History {
  /** @param {Box[]} boxes */
  constructor(boxes) {
    /** @type {Box[][]} */
    this.states = [boxes];
    this.at = 0;
  }

  get current() {
    return this.states[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  /** Adds a state; what was undone before it is forgotten. @param {Box[]} boxes */
  push(boxes) {
    if (render(boxes) === render(this.current)) return;
    this.states = [...this.states.slice(0, this.at + 1), boxes];
    this.at += 1;
  }

  /** @param {-1 | 1} step */
  go(step) {
    this.at = Math.min(Math.max(0, this.at + step), this.states.length - 1);
  }
}
