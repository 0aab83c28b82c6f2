/** Names in certificates as text (RFC 4514): the last part first. */

/** @type {Record<string, string>} */
const SHORT = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
};

/**
 * @param {import("./der.js").Value} name
 * @returns {string}
 */
export function nameText(name) {
  const parts = name.items.map((part) =>
    part.items
      .map((attribute) => {
        const [type, value] = attribute.parts(2, 2);
        return `${SHORT[type.oid] ?? type.oid}=${escaped(value.text)}`;
      })
      .join("+"),
  );
  return parts.reverse().join(",");
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[\\",;+<>]/g, "\\$&").replace(/^[ #]| $/g, "\\$&");
}
