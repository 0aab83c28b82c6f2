/** @param {Uint8Array<ArrayBuffer>} data @returns {Promise<string>} SHA-256, 64 hex digits */
export async function sha256Hex(data) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Uint8Array<ArrayBuffer>} data @returns {string} base64 with padding */
export function toBase64(data) {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return btoa(text);
}

/** @param {string} text base64 @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64(text) {
  const raw = atob(text);
  const data = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) data[at] = raw.charCodeAt(at);
  return data;
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} UTF-8 */
export function utf8(text) {
  return new TextEncoder().encode(text);
}
