import { get, put, remove } from "./db.js";

/**
 * @typedef {object} Service a service that this browser is paired with; `service` is the one that new
 *   captures go to, `others` are the rest
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
 * @property {string} [said] the service's own words
 * @property {string} [origin] of the service that it is about
 *
 * @typedef {object} ClockReading this clock minus the service's
 * @property {number} offset_ms
 * @property {number} measured_at milliseconds
 */

/** @typedef {"service" | "others" | "grant" | "trouble" | "clock" | "watches" | "sites" | "review" | "buttons"} SettingName */

/** @param {SettingName} name @returns {Promise<any>} or null */
export async function read(name) {
  return (await get("settings", name))?.value ?? null;
}

/** @param {SettingName} name @param {object} value */
export async function write(name, value) {
  await put("settings", { name, value });
}

/** @param {SettingName} name */
export async function forget(name) {
  await remove("settings", name);
}

/** Tells open pages that something changed; they read it anew. */
export async function announce() {
  await chrome.storage.local.set({ changed: Date.now() + Math.random() });
}
