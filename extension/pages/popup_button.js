import { patternOf } from "../lib/address.js";
import { ask } from "../lib/ask.js";
import { words } from "../lib/words.js";
import { button, make } from "./dom.js";

/**
 * The button at each post, on the site in front: offered where an adapter knows the site.
 * @param {HTMLElement} place
 * @param {number | undefined} tabId
 * @param {(error: unknown) => void} tell
 */
export async function showButtonChoice(place, tabId, tell) {
  const { site } = await ask("button.state", { tabId });
  place.hidden = !site;
  if (!site) return;
  const again = () => showButtonChoice(place, tabId, tell);
  const act = (/** @type {() => Promise<void>} */ work) => () => void work().catch(tell).then(again);
  const { host } = new URL(site.origin);
  const change = site.isOn
    ? button(words("button_remove"), act(() => remove(site.origin)))
    : button(words("button_allow", [host]), act(() => allow(site.origin, tabId)));
  const reason = make("p", { class: "soft small" }, words(site.isOn ? "button_on" : "button_reason", [host]));
  place.replaceChildren(reason, change);
}

/**
 * The browser asks only in answer to a click, and its question may close this page: what is wanted is
 * told first, without waiting.
 * @param {string} origin @param {number | undefined} tabId
 */
async function allow(origin, tabId) {
  const asked = chrome.permissions.request({ origins: [patternOf(origin)] });
  const told = ask("button.set", { origin, isOn: true });
  const isGranted = await asked;
  await told;
  await ask("button.set", { origin, isOn: isGranted, tabId });
}

/** The permission stays where looks with the person's session need it. @param {string} origin */
async function remove(origin) {
  await ask("button.set", { origin, isOn: false });
  const { services, sites } = await ask("status.read");
  const isNeeded = sites[origin]?.isOn || services.some((/** @type {{origin: string}} */ one) => patternOf(one.origin) === patternOf(origin));
  if (!isNeeded) await chrome.permissions.remove({ origins: [patternOf(origin)] }).catch(() => undefined); // given at install
}
