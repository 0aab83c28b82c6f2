import { patternOf } from "./address.js";
import { registerOn, renewOn } from "./registered.js";
import { forget, read, write } from "./settings.js";

/**
 * The sites on which the person lets the extension look with the person's own session.
 *
 * @typedef {object} OwnSite
 * @property {boolean} isOn
 * @property {number[]} looks when tabs were opened in the last day, milliseconds
 * @property {{at: string, outcome: string} | null} last `outcome` is a sighting or a reason
 *
 * @typedef {Record<string, OwnSite>} OwnSites by origin
 */

const PASSING = ["look/passing.js"];

/** @returns {Promise<OwnSites>} */
export async function ownSites() {
  return (await read("sites")) ?? {};
}

/** @param {string} origin @param {Partial<OwnSite>} changes */
export async function changeSite(origin, changes) {
  const sites = await ownSites();
  const known = sites[origin] ?? { isOn: false, looks: [], last: null };
  await write("sites", { ...sites, [origin]: { ...known, ...changes } });
}

/** @param {string} origin @returns {Promise<boolean>} switched on here, and still allowed by the browser */
export async function mayLook(origin) {
  const site = (await ownSites())[origin];
  return Boolean(site?.isOn) && chrome.permissions.contains({ origins: [patternOf(origin)] });
}

/**
 * Puts the script that tells of opened pages on the allowed sites, and nowhere else. Registered
 * scripts outlive the background but not an update: this is also called then.
 */
export async function registerPassing() {
  await registerOn(await allowed(), "passing", PASSING);
}

/** After an update, also on the pages that are open. */
export async function renewPassing() {
  await renewOn(await allowed(), PASSING);
}

/** @returns {Promise<string[]>} origins */
async function allowed() {
  const origins = [];
  for (const origin of Object.keys(await ownSites())) if (await mayLook(origin)) origins.push(origin);
  return origins;
}

/** A permission was taken back in the browser's own settings: the site is off, and the person sees it. */
export async function noticeLostSites() {
  for (const [origin, site] of Object.entries(await ownSites())) {
    if (site.isOn && !(await mayLook(origin))) await changeSite(origin, { isOn: false });
  }
  await registerPassing();
}

/** Nothing is watched any more. */
export async function forgetSites() {
  await forget("sites");
  await registerPassing();
}
