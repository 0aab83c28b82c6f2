/** Undoes the filters of PNG rows (ISO/IEC 15948, 9.2). */

/**
 * @param {Uint8Array} filtered each row after its filter's number
 * @param {number} height
 * @param {number} stride bytes of a row
 * @param {number} step bytes of a pixel
 * @returns {Uint8Array | null} null: a filter that does not exist
 */
export function unfilter(filtered, height, stride, step) {
  const rows = new Uint8Array(height * stride);
  let above = new Uint8Array(stride);
  for (let row = 0; row < height; row += 1) {
    const start = row * (stride + 1);
    const undo = UNDO[filtered[start]];
    if (!undo) return null;
    const current = rows.subarray(row * stride, (row + 1) * stride);
    current.set(filtered.subarray(start + 1, start + 1 + stride));
    undo(current, above, step);
    above = current;
  }
  return rows;
}

/** @type {((row: Uint8Array, above: Uint8Array, step: number) => void)[]} */
const UNDO = [
  () => undefined,
  (row, _above, step) => {
    for (let at = step; at < row.length; at += 1) row[at] += row[at - step];
  },
  (row, above) => {
    for (let at = 0; at < row.length; at += 1) row[at] += above[at];
  },
  (row, above, step) => {
    for (let at = 0; at < row.length; at += 1) {
      const left = at < step ? 0 : row[at - step];
      row[at] += (left + above[at]) >> 1;
    }
  },
  (row, above, step) => {
    for (let at = 0; at < row.length; at += 1) {
      const left = at < step ? 0 : row[at - step];
      const corner = at < step ? 0 : above[at - step];
      row[at] += paeth(left, above[at], corner);
    }
  },
];

/**
 * @param {number} left
 * @param {number} above
 * @param {number} corner
 */
function paeth(left, above, corner) {
  const estimate = left + above - corner;
  const toLeft = Math.abs(estimate - left);
  const toAbove = Math.abs(estimate - above);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
