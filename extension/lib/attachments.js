/** Among a draft's pictures those of the window come first; after them the post's own. */
export const FIRST_ATTACHMENT = 1000;
export const MOST_ATTACHMENTS = 12;

const SUFFIXES = Object.freeze({
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/webp": ".webp",
  "image/gif": ".gif",
  "image/avif": ".avif",
  "application/octet-stream": "",
});

/**
 * What a file is, by its first bytes: what a page or its server calls it proves nothing.
 * @param {Uint8Array<ArrayBuffer>} data
 * @returns {keyof typeof SUFFIXES}
 */
export function typeOf(data) {
  const start = String.fromCharCode(...data.slice(0, 12));
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  if (/^RIFF.{4}WEBP/s.test(start)) return "image/webp";
  return /^.{4}ftypavi[fs]/s.test(start) ? "image/avif" : "application/octet-stream";
}

/**
 * @param {{index: number, png: Uint8Array<ArrayBuffer>, media_type: string, source: string | null, alt: string}[]} rows
 * @returns {import("./outbox.js").Part[]} the post's own pictures, numbered
 */
export function attachmentParts(rows) {
  return rows.map(({ index, png, media_type, source, alt }) => {
    const kind = /** @type {keyof typeof SUFFIXES} */ (media_type);
    const number = String(index - FIRST_ATTACHMENT + 1).padStart(2, "0");
    return { name: `picture-${number}${SUFFIXES[kind] ?? ""}`, media_type, role: "attachment", data: png, source_url: source, description: alt || null };
  });
}
