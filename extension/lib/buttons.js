import { patternOf } from "./address.js";
import { registerOn, renewOn } from "./registered.js";
import { read, write } from "./settings.js";

/**
 * The sites on which the person wants a button at each post. Nothing is put on any other.
 * @typedef {Record<string, true>} ButtonSites by origin
 */

const FILES = [
  "reader/text.js",
  "reader/clickable.js",
  "reader/fields.js",
  "reader/sitefields.js",
  "reader/adapter.js",
  "page/wire.js",
  "page/marks.js",
  "button/button.js",
];

/** @returns {Promise<ButtonSites>} */
async function wanted() {
  return (await read("buttons")) ?? {};
}

/** @param {string} origin @param {boolean} isOn */
export async function changeButton(origin, isOn) {
  const { [origin]: _former, ...others } = await wanted();
  await write("buttons", isOn ? { ...others, [origin]: true } : others);
  await registerButtons();
}

/** @param {string} origin @returns {Promise<boolean>} wanted there, and allowed by the browser */
export async function hasButton(origin) {
  return Boolean((await wanted())[origin]) && chrome.permissions.contains({ origins: [patternOf(origin)] });
}

/**
 * Puts the button on the allowed sites, and nowhere else; to be called after an update and whenever a
 * permission comes or goes.
 */
export async function registerButtons() {
  await registerOn(await allowed(), "button", FILES);
}

/** After an update, also on the pages that are open. */
export async function renewButtons() {
  await renewOn(await allowed(), FILES);
}

/** @returns {Promise<string[]>} origins */
async function allowed() {
  const origins = [];
  for (const origin of Object.keys(await wanted())) if (await hasButton(origin)) origins.push(origin);
  return origins;
}

/** The same on a page that is open already. @param {number} tabId */
export async function showButtons(tabId) {
  await chrome.scripting.executeScript({ target: { tabId }, files: FILES });
}
