import { isFirefox } from "./browser.js";
import { fromBase64 } from "./bytes.js";
import { Fault } from "./fault.js";

/** Chrome allows two pictures a second, failed calls included: the call before the last is as old. */
const QUOTA_CALLS = 2;
const QUOTA_MS = 1_010;
const ATTEMPTS = 4;

/** @typedef {{x: number, y: number, width: number, height: number}} Rect CSS pixels, of the document */

/**
 * Takes a picture of a tab's window, or of a rectangle of its page, in turn with all other pictures.
 * @param {number} tabId
 * @param {number} ratio device pixels a CSS pixel, as the page says
 * @param {Rect} [rect] Firefox only: needs no other permission than the window's picture
 * @returns {Promise<Uint8Array<ArrayBuffer>>} PNG
 * @throws {Fault} `tab_hidden` when another tab is in front: its picture would be somebody else's;
 *   `picture_failed`
 */
export function takePicture(tabId, ratio, rect) {
  return navigator.locks.request("rature-picture", async () => {
    let problem = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await waitForTurn();
      const windowId = await requireFront(tabId);
      try {
        const address = await chrome.tabs.captureVisibleTab(windowId, await options(tabId, ratio, rect));
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

/**
 * Whether the browser lets us picture this tab now: neither tells of it, so that the smallest picture
 * is tried. Chrome wants a press of the extension's own button or shortcut on this tab first.
 * @param {number} tabId
 */
export function canPicture(tabId) {
  return navigator.locks.request("rature-picture", async () => {
    await waitForTurn();
    const windowId = await requireFront(tabId);
    return chrome.tabs.captureVisibleTab(windowId, { format: "jpeg", quality: 1 }).then(() => true, () => false);
  });
}

/**
 * Firefox multiplies its scale by the page's zoom as the menu shows it (67 %), but draws the page in
 * whole parts of a pixel (two thirds): without the exact figure it would resample the picture.
 * @param {number} tabId
 * @param {number} ratio
 * @param {Rect} [rect]
 * @returns {Promise<chrome.extensionTypes.ImageDetails>}
 */
async function options(tabId, ratio, rect) {
  if (!isFirefox()) return { format: "png" };
  const exact = { format: "png", scale: ratio / (await chrome.tabs.getZoom(tabId)) };
  if (!rect) return /** @type {any} */ (exact);
  const [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(Number);
  return /** @type {any} */ ({ ...exact, rect: { x, y, width, height } });
}

/** Chrome's quota. The last calls' times are in session storage, because the worker may have been stopped. */
async function waitForTurn() {
  if (isFirefox()) return;
  const { lastPictures } = await chrome.storage.session.get("lastPictures");
  /** @type {number[]} */
  const calls = Array.isArray(lastPictures) ? lastPictures.slice(-QUOTA_CALLS) : [];
  const wait = calls.length < QUOTA_CALLS ? 0 : calls[0] + QUOTA_MS - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(wait, QUOTA_MS)));
  await chrome.storage.session.set({ lastPictures: [...calls, Date.now()].slice(-QUOTA_CALLS) });
}

/** @param {number} tabId @returns {Promise<number>} its window */
async function requireFront(tabId) {
  const tab = await chrome.tabs.get(tabId);
  if (!tab.active) throw new Fault("tab_hidden");
  return tab.windowId;
}
