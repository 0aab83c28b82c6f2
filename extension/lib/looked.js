import { all, get, put, transact } from "./db.js";

/**
 * What the person's own look at a post saw last; kept here alone.
 *
 * @typedef {object} Looked
 * @property {string} watch or the capture's id, while it has no watch
 * @property {number} at milliseconds
 * @property {string} outcome a sighting or a reason
 * @property {import("./own_sighting.js").Before | null} before
 */

/** @returns {Promise<Looked[]>} */
export function looks() {
  return all("looked");
}

/** @param {string} key @returns {Promise<Looked | undefined>} */
export function lookedOf(key) {
  return get("looked", key);
}

/** @param {Looked} row */
export async function keepLooked(row) {
  await put("looked", row);
}

/** The look at a capture becomes that at its watch. @param {string} capture @param {string} watch */
export async function adoptLook(capture, watch) {
  const [own, newer] = [await lookedOf(capture), await lookedOf(watch)];
  if (!own) return;
  await transact(["looked"], "readwrite", (stores) => {
    stores.looked.delete(capture);
    if (!newer || newer.at < own.at) stores.looked.put({ ...own, watch });
  });
}
