import { fromBase64 } from "./bytes.js";
import { Fault } from "./fault.js";

/** Chrome allows two pictures a second, failed calls included. */
const SPACING_MS = 520;
const ATTEMPTS = 4;

/**
 * Takes a picture of a tab's window, in turn with all other pictures.
 * @param {number} tabId
 * @returns {Promise<Uint8Array<ArrayBuffer>>} PNG
 * @throws {Fault} `tab_hidden` when another tab is in front: its picture would be somebody else's;
 *   `picture_failed`
 */
export function takePicture(tabId) {
  return navigator.locks.request("rature-picture", async () => {
    let problem = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await waitForTurn();
      const windowId = await requireFront(tabId);
      try {
        const address = await chrome.tabs.captureVisibleTab(windowId, { format: "png" });
        await requireFront(tabId);
        return fromBase64(address.slice(address.indexOf(",") + 1));
      } catch (error) {
        if (error instanceof Fault) throw error;
        problem = error instanceof Error ? error.message : String(error);
      }
    }
    throw new Fault("picture_failed", problem);
  });
}

/** The time of the last call is kept in session storage, because the worker may have been stopped. */
async function waitForTurn() {
  const { lastPicture = 0 } = await chrome.storage.session.get("lastPicture");
  const wait = Number(lastPicture) + SPACING_MS - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(wait, SPACING_MS)));
  await chrome.storage.session.set({ lastPicture: Date.now() });
}

/** @param {number} tabId @returns {Promise<number>} its window */
async function requireFront(tabId) {
  const tab = await chrome.tabs.get(tabId);
  if (!tab.active) throw new Fault("tab_hidden");
  return tab.windowId;
}
