import { hasButton } from "../lib/buttons.js";
import { bringSites } from "../lib/sites.js";

const FILES = ["reader/text.js", "reader/clickable.js", "reader/fields.js", "reader/sitefields.js", "reader/adapter.js"];

/**
 * Whether a tab shows a site that an adapter knows, and whether the button is on there. Opening the
 * popup gave access to this one tab; where it did not, nothing is said.
 * @param {{tabId: number}} payload
 * @returns {Promise<{site: {name: string, origin: string, isOn: boolean} | null}>}
 */
export async function buttonState({ tabId }) {
  try {
    await bringSites(tabId);
    await chrome.scripting.executeScript({ target: { tabId }, files: FILES });
    const [ran] = await chrome.scripting.executeScript({ target: { tabId }, func: siteHere });
    const found = ran?.result;
    return { site: found ? { ...found, isOn: await hasButton(found.origin) } : null };
  } catch {
    return { site: null }; // a page of the browser's own, or none at all
  }
}

/** Runs on the page. */
function siteHere() {
  const site = /** @type {any} */ (globalThis).RatureReader?.siteHere?.();
  return site ? { name: String(site.title), origin: location.origin } : null;
}
