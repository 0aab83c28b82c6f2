import { get, remove, transact } from "./db.js";
import { Fault } from "./fault.js";
import { hiddenAround, hiddenPhrases, hidesAnything, mask } from "./masking.js";
import { find, parcel } from "./outbox.js";
import { seal } from "./seal.js";

/**
 * Captures that are held back for masks, and the originals of those that were masked.
 *
 * @typedef {object} Original never sent; for its owner to prove later what the masks hide
 * @property {string} id of the capture
 * @property {string} kept_at
 * @property {import("./masking.js").KeptPicture[]} pictures
 * @property {import("./outbox.js").Part[]} others the copy of the page and the post's own pictures
 * @property {import("./manifest.js").Reading} reading
 */

/**
 * @param {string} id
 * @returns {Promise<{row: import("./outbox.js").CaptureRow, parcel: import("./outbox.js").Parcel}>}
 * @throws {Fault} `capture_unknown`
 */
export async function requireHeld(id) {
  const [row, kept] = await Promise.all([find(id), parcel(id)]);
  if (row?.state !== "held" || !kept?.facts) throw new Fault("capture_unknown");
  return { row, parcel: kept };
}

/**
 * Masks, signs, and lets it go to the outbox; all in one transaction, with the original kept.
 * @param {string} id
 * @param {import("./masking.js").Wish} wish
 * @returns {Promise<string[]>} what is missing of what will be sent
 */
export async function release(id, wish) {
  const { row, parcel: held } = await requireHeld(id);
  if (!held.facts) throw new Fault("capture_unknown");
  const isMasked = hidesAnything(wish);
  const made = isMasked ? await mask(held, wish) : { parts: held.parts, facts: held.facts, kept: [] };
  const sealed = await seal(made.facts, made.parts);
  const missing = made.facts.missing;
  const completeness = missing.length > 0 ? "PARTIAL" : "COMPLETE";
  const hides = [...hiddenPhrases(held, wish), ...hiddenAround(held, wish)];
  await transact(["captures", "parts", "originals"], "readwrite", (stores) => {
    stores.captures.put({ ...row, state: "waiting", isMasked, hides, missing, completeness });
    stores.parts.put(sealed);
    if (isMasked) stores.originals.put(originalOf(held, made.kept));
  });
  return missing;
}

/** @param {import("./outbox.js").Parcel} held @param {import("./masking.js").KeptPicture[]} pictures @returns {Original} */
function originalOf({ id, parts, facts }, pictures) {
  const others = parts.filter((part) => !pictures.some(({ folder }) => folder === part.role));
  return { id, kept_at: new Date().toISOString(), pictures, others, reading: /** @type {import("./manifest.js").Reading} */ (facts?.reading) };
}

/** @param {string} id @throws {Fault} `capture_unknown` when it is not held */
export async function discardHeld(id) {
  const { row } = await requireHeld(id);
  await transact(["captures", "parts"], "readwrite", (stores) => {
    stores.captures.delete(/** @type {number} */ (row.seq));
    stores.parts.delete(id);
  });
}

/** @param {string} id @returns {Promise<Original | undefined>} */
export function original(id) {
  return get("originals", id);
}

/** The person wants it no more: nothing proves any longer what was hidden. @param {string} id */
export async function forgetOriginal(id) {
  await remove("originals", id);
}
