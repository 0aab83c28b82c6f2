/**
 * Canonical JSON (RFC 8785): UTF-8, members sorted by UTF-16 code units, no white space, numbers and
 * strings as ECMAScript prints them.
 */

const MAX_DEPTH = 500;

/**
 * The object that these bytes are, if they are its canonical form.
 *
 * @param {string} text
 * @returns {Record<string, unknown> | null}
 */
export function parseCanonical(text) {
  try {
    const value = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && canonical(value, 0) === text ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * @param {unknown} value
 * @param {number} depth
 * @returns {string}
 */
function canonical(value, depth) {
  if (depth > MAX_DEPTH) throw new RangeError("too deep");
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${members.map(([name, item]) => `${plain(name)}:${canonical(item, depth + 1)}`).join(",")}}`;
  }
  return plain(value);
}

/** @param {unknown} value a string, number, boolean or null */
function plain(value) {
  if (typeof value === "string" && !value.isWellFormed()) throw new RangeError("half a character");
  // A whole number is kept exactly up to 2^53 only; beyond 1e21 it is printed as a fraction is.
  const large = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  if (large && Math.abs(/** @type {number} */ (value)) < 1e21) throw new RangeError("a number too large");
  return JSON.stringify(value);
}
