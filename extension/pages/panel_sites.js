import { patternOf } from "../lib/address.js";
import { ask } from "../lib/ask.js";
import { Fault } from "../lib/fault.js";
import { originOf } from "../lib/look_plan.js";
import { read } from "../lib/settings.js";
import { outcomeWords, when, words } from "../lib/words.js";
import { button, byId, make } from "./dom.js";
import { line } from "./lists.js";

/** @typedef {import("../lib/own_sites.js").OwnSite} OwnSite */

/**
 * The sites of watched posts, on each of which the person may let the extension look with the
 * person's own session. Nothing is drawn anew while nothing changed: a button that was reached by the
 * keyboard stays.
 * @param {any} status
 * @param {(act: () => Promise<void>) => Promise<void>} attempt
 */
export function showSites({ watches, sites }, attempt) {
  const origins = watches.map((/** @type {any} */ watch) => originOf(watch.page)).filter(Boolean);
  const names = [...new Set([...origins, ...Object.keys(sites).filter((origin) => sites[origin].isOn)])].sort();
  const list = byId("sites");
  const state = JSON.stringify(names.map((origin) => [origin, sites[origin]?.isOn, sites[origin]?.last]));
  byId("own").hidden = names.length === 0;
  if (list.dataset.state === state) return;
  list.dataset.state = state;
  list.replaceChildren(...names.map((origin) => siteItem(origin, sites[origin] ?? null, attempt)));
}

/** @param {string} origin @param {OwnSite | null} site @param {(act: () => Promise<void>) => Promise<void>} attempt */
function siteItem(origin, site, attempt) {
  const { host } = new URL(origin);
  const isOn = site?.isOn === true;
  const state = line(words(isOn ? "own_on" : "own_off"));
  const last = site?.last ? line(words("own_last", [when(site.last.at), outcomeWords(site.last.outcome)])) : null;
  const change = isOn
    ? button(words("own_stop"), () => attempt(() => stop(origin)))
    : button(words("own_allow"), () => attempt(() => allow(origin)));
  change.setAttribute("aria-label", `${change.textContent} (${host})`);
  return make("li", {}, make("h3", {}, host), state, last, make("div", { class: "actions" }, change));
}

/** Must come first after the click: the browser asks only in answer to one. @param {string} origin */
async function allow(origin) {
  const isGranted = await chrome.permissions.request({ origins: [patternOf(origin)] });
  if (!isGranted) throw new Fault("site_refused", new URL(origin).host);
  await ask("site.set", { origin, isOn: true });
}

/** What neither a service nor the button in the page needs is given back. @param {string} origin */
async function stop(origin) {
  await ask("site.set", { origin, isOn: false });
  const { services } = await ask("status.read");
  const isService = services.some((/** @type {{origin: string}} */ service) => patternOf(service.origin) === patternOf(origin));
  const isNeeded = isService || Object.hasOwn((await read("buttons")) ?? {}, origin);
  if (!isNeeded) await chrome.permissions.remove({ origins: [patternOf(origin)] }).catch(() => undefined); // given at install
}
