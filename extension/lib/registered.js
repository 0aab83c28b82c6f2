import { patternOf } from "./address.js";

/**
 * Puts scripts on the pages of these origins, and on no others.
 * @param {string[]} origins
 * @param {string} id of the registration that this replaces
 * @param {string[]} files
 */
export async function registerOn(origins, id, files) {
  await chrome.scripting.unregisterContentScripts({ ids: [id] }).catch(() => undefined); // there was none
  if (origins.length === 0) return;
  const matches = [...new Set(origins.map(patternOf))];
  await chrome.scripting.registerContentScripts([{ id, js: files, matches, runAt: "document_idle", persistAcrossSessions: true }]);
}
