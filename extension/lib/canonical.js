/**
 * Canonical JSON as RFC 8785 defines it: UTF-8, members sorted by UTF-16 code units, no white space,
 * numbers and strings as ECMAScript prints them.
 *
 * @param {unknown} value made of objects, arrays, strings, finite numbers, booleans and null;
 *   members that are undefined are left out
 * @returns {string}
 * @throws {TypeError} the value has something that JSON cannot carry exactly
 */
export function canonicalJson(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") return canonicalObject(/** @type {Record<string, unknown>} */ (value));
  throw new TypeError(`canonical JSON cannot carry a ${typeof value}`);
}

/** @param {string} text */
function canonicalString(text) {
  if (!text.isWellFormed()) throw new TypeError("canonical JSON cannot carry a lone surrogate");
  return JSON.stringify(text);
}

/** @param {number} figure */
function canonicalNumber(figure) {
  if (!Number.isFinite(figure)) throw new TypeError("canonical JSON cannot carry NaN or infinity");
  return JSON.stringify(figure);
}

/** @param {Record<string, unknown>} members */
function canonicalObject(members) {
  const parts = Object.keys(members)
    .filter((name) => members[name] !== undefined)
    .sort(byCodeUnits)
    .map((name) => `${canonicalString(name)}:${canonicalJson(members[name])}`);
  return `{${parts.join(",")}}`;
}

/**
 * @param {string} one
 * @param {string} other
 */
function byCodeUnits(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
