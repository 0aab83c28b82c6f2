import { Fault } from "./fault.js";
import { bringSites } from "./sites.js";

/** How a post is read; shared with the service's own browser. */
export const READER_SCRIPTS = [
  "reader/text.js",
  "reader/hints.js",
  "reader/moments.js",
  "reader/visible.js",
  "reader/fields.js",
  "reader/places.js",
  "reader/times.js",
  "reader/authors.js",
  "reader/body.js",
  "reader/addresses.js",
  "reader/survey.js",
  "reader/groups.js",
  "reader/rivals.js",
  "reader/items.js",
  "reader/kin.js",
  "reader/clickable.js",
  "reader/unfold.js",
  "reader/consent.js",
  "reader/settle.js",
  "reader/more.js",
  "reader/orders.js",
  "reader/facts.js",
  "reader/sitefields.js",
  "reader/adapter.js",
  "reader/page.js",
];

/** The picker. The order matters: each file uses what the ones before it made. */
const PAGE_SCRIPTS = [
  "page/wire.js",
  "page/marks.js",
  "page/geometry.js",
  "page/rectangles.js",
  "page/overlays.js",
  "page/lines.js",
  "page/words.js",
  "page/styles.js",
  "page/snapshot.js",
  "page/pictures.js",
  "page/reading.js",
  "page/thread.js",
  "page/shoot.js",
  "page/capture.js",
  "page/picker.js",
];

/**
 * Puts the picker on a page. The person's click, shortcut or menu gives access to this one tab.
 * @param {number} tabId
 * @throws {Fault} `page_closed`: the browser's own pages, its store, viewers of other files;
 *   `unexpected`: a script of ours failed there (Firefox tells, Chrome does not)
 */
export async function startPicker(tabId) {
  const ran = await inject(tabId);
  // On some of its own pages Firefox runs nothing and says nothing.
  if (!ran) throw new Fault("page_closed");
  if ("error" in ran) throw new Fault("unexpected", String(ran.error));
}

/** @param {number} tabId */
async function inject(tabId) {
  try {
    const files = [...READER_SCRIPTS, ...PAGE_SCRIPTS];
    await bringSites(tabId);
    // Frames of the same origin too; the browser passes over those of others, where nobody let us in.
    const ran = await chrome.scripting.executeScript({ target: { tabId, allFrames: true }, files });
    return ran.find(({ frameId }) => frameId === 0);
  } catch (error) {
    throw new Fault("page_closed", error instanceof Error ? error.message : "");
  }
}

/**
 * The same from a menu or shortcut, where there is no popup to show what went wrong.
 * @param {chrome.tabs.Tab | undefined} tab
 */
export async function startFromGesture(tab) {
  if (tab?.id === undefined) return;
  try {
    await startPicker(tab.id);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await chrome.notifications.create("page_closed", {
      type: "basic",
      iconUrl: chrome.runtime.getURL("icons/128.png"),
      title: chrome.i18n.getMessage("extension_name"),
      message: chrome.i18n.getMessage("fault_page_closed"),
    });
  }
}
