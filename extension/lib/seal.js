import { clockOffset } from "./about.js";
import { sha256Hex, utf8 } from "./bytes.js";
import { environment } from "./environment.js";
import { sign } from "./keys.js";
import { renderManifest } from "./manifest.js";

/**
 * @typedef {Omit<import("./manifest.js").Facts, "files" | "clockOffset" | "environment">} SealFacts what
 *   the manifest says besides the files and this machine
 */

/**
 * @param {SealFacts} facts
 * @param {import("./outbox.js").Part[]} parts
 * @returns {Promise<import("./outbox.js").Parcel>} hashed, signed, ready to be sent
 */
export async function seal(facts, parts) {
  const files = await Promise.all(parts.map(fileFacts));
  const manifest = renderManifest({ ...facts, files, clockOffset: await clockOffset(), environment: await environment() });
  const signature = JSON.stringify(await sign(utf8(manifest)));
  return { id: facts.id, manifest, signature, parts };
}

/** @param {import("./outbox.js").Part} part @returns {Promise<import("./manifest.js").FileFacts>} */
async function fileFacts({ name, media_type, role, data, source_url, description }) {
  const kind = /** @type {import("./manifest.js").FileFacts["role"]} */ (role);
  /** @type {import("./manifest.js").FileFacts} */
  const facts = { name, media_type, role: kind, size: data.length, sha256: await sha256Hex(data) };
  if (source_url) facts.source_url = source_url;
  if (description) facts.description = description;
  return facts;
}
