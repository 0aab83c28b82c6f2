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

/**
 * The same on their pages that are open already, where the scripts of before an update are dead.
 * @param {string[]} origins
 * @param {string[]} files
 */
export async function renewOn(origins, files) {
  if (origins.length === 0) return;
  const tabs = await chrome.tabs.query({ url: origins.map(patternOf), discarded: false });
  const target = tabs.flatMap(({ id }) => (id === undefined ? [] : [{ tabId: id }]));
  // A page that the browser shows by itself there, an error for instance, takes no script.
  await Promise.allSettled(target.map((each) => chrome.scripting.executeScript({ target: each, files })));
}
