import { get, put, remove } from "./db.js";

/**
 * @typedef {object} Service the service that this browser is paired with
 * @property {string} origin
 * @property {string} token
 * @property {string} paired_at
 *
 * @typedef {object} Grant a pairing in progress (RFC 8628)
 * @property {string} origin
 * @property {string} device_code
 * @property {string} user_code
 * @property {string} verification_uri where the person compares the code
 * @property {number} expires_at milliseconds
 * @property {number} interval seconds
 * @property {number} next_poll_at milliseconds
 * @property {{code: string, detail: string} | null} fault why it ended without success
 *
 * @typedef {object} Trouble why nothing can be sent at the moment
 * @property {string} code
 * @property {string} detail
 *
 * @typedef {object} ClockReading this clock minus the service's
 * @property {number} offset_ms
 * @property {number} measured_at milliseconds
 */

/** @param {"service" | "grant" | "trouble" | "clock" | "watches"} name @returns {Promise<any>} or null */
export async function read(name) {
  return (await get("settings", name))?.value ?? null;
}

/** @param {"service" | "grant" | "trouble" | "clock" | "watches"} name @param {object} value */
export async function write(name, value) {
  await put("settings", { name, value });
}

/** @param {"service" | "grant" | "trouble" | "clock" | "watches"} name */
export async function forget(name) {
  await remove("settings", name);
}

/** Tells open pages that something changed; they read it anew. */
export async function announce() {
  await chrome.storage.local.set({ changed: Date.now() + Math.random() });
}
