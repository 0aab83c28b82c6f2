import { awake } from "./awake.js";
import { Fault } from "./fault.js";
import { GAP_MS, isDue, nextPage, ofLastDay, originOf } from "./look_plan.js";
import { looks } from "./looked.js";
import { withoutMasked } from "./masked.js";
import { keepFailure, keepLook, readTab } from "./own_look.js";
import { samePage } from "./own_sighting.js";
import { changeSite, mayLook, ownSites } from "./own_sites.js";
import { drain } from "./sender.js";
import { announce } from "./settings.js";
import { watchList } from "./watch_list.js";

/**
 * The person's own view of watched posts, which no server can have: a tab in the background, on sites
 * that the person allowed, closed afterwards; and whenever the person opens such a page anyway.
 *
 * @typedef {import("./watch_list.js").Watch} Watch
 */

const ALARM = "looks";
const SPREAD_MS = 60_000;
const LOAD_MS = 45_000;
const PAUSE_MS = 250;
const FIRST_PAGE_MS = 5_000;
const OPENED = "openedTab";

/** Sets the alarm for the next look, if one is due; one that is set stays. */
export async function planLooks() {
  const next = await nextLook();
  if (!next || (await chrome.alarms.get(ALARM))) return;
  await chrome.alarms.create(ALARM, { when: Math.max(Date.now() + 1_000, next.at) + Math.random() * SPREAD_MS });
}

/** @returns {Promise<Watch[]>} without those that were sent masked: a look would tell what the masks hide */
async function watches() {
  return withoutMasked((await watchList()).items);
}

async function nextLook() {
  /** @type {import("./own_sites.js").OwnSites} */
  const allowed = {};
  for (const [origin, site] of Object.entries(await ownSites())) if (await mayLook(origin)) allowed[origin] = site;
  return nextPage(await watches(), allowed, await lookedAt(), Date.now());
}

/** @returns {Promise<Map<string, number>>} watch -> when, milliseconds */
async function lookedAt() {
  return new Map((await looks()).map(({ watch, at }) => [watch, at]));
}

/**
 * Opens the page that is due in a tab in the background, reads it, and closes it.
 * @returns {Promise<boolean>} whether a look was taken
 */
export async function lookIfDue() {
  const taken = await navigator.locks.request("rature-look", { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    await closeLeftover();
    const next = await nextLook();
    if (!next || next.at > Date.now()) return false;
    const { looks: former } = (await ownSites())[next.origin];
    await changeSite(next.origin, { looks: [...ofLastDay(former, Date.now()), Date.now()] });
    await awake(() => lookAtPage(next.page));
    return true;
  });
  if (taken) await drain({ force: true });
  await planLooks();
  return taken;
}

/** @param {string} page */
async function lookAtPage(page) {
  const tab = await openTab(page);
  try {
    const isLoaded = tab !== null && (await settled(tab));
    const reading = isLoaded ? await readTab(tab) : null;
    // A page that loaded and cannot be read is another site's: the visit was led away.
    const failure = isLoaded ? "incomplete" : "network_error";
    await conclude(await dueAt(page), reading ?? failure, "Looked again by the contributor's own browser, in a tab of its own.");
  } finally {
    if (tab !== null) await closeTab(tab);
  }
}

/** @param {string} page @returns {Promise<Watch[]>} every watched post of it: one look serves them all */
async function dueAt(page) {
  return (await watches()).filter((watch) => samePage(watch.page, page));
}

/**
 * @param {Watch[]} due
 * @param {import("./own_sighting.js").PageReading | string} reading or the reason why there is none
 * @param {string} note
 */
async function conclude(due, reading, note) {
  let outcome = "";
  for (const { id, origin, page, text, author, post_id, permalink, verdict } of due) {
    const subject = { watch: id, origin, capture: null };
    if (typeof reading === "string") {
      outcome = reading;
      await keepFailure(id, subject, reading, `The page could not be read. ${note}`);
      continue;
    }
    const target = { text, author, post_id, permalink };
    const isPublic = Boolean(verdict?.last_seen);
    const said = await keepLook({ key: id, subject, target, page, isPublic }, reading, note);
    outcome = said.sighting ?? said.reason ?? "";
  }
  if (due.length > 0) await changeSite(originOf(due[0].page), { last: { at: new Date().toISOString(), outcome } });
  await announce();
}

/**
 * The person opened a page of an allowed site, or a page became another one without loading. One that
 * reloads itself, or changes its address all the time, is looked at no more often.
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<boolean>} whether a look was taken
 */
export async function lookInPassing({ tab, url: opened }) {
  // What the page is by now, and not only what it was when it was loaded.
  const url = tab?.url ?? opened;
  if (tab?.id === undefined || !tab.active || !url || !(await mayLook(originOf(url)))) return false;
  const tabId = tab.id;
  const taken = await navigator.locks.request("rature-look", { ifAvailable: true }, async (lock) => {
    const { [OPENED]: own } = await chrome.storage.session.get(OPENED);
    if (!lock || own === tabId) return false;
    const looked = await lookedAt();
    const now = Date.now();
    const isTime = (/** @type {Watch} */ watch) => now - (looked.get(watch.id) ?? 0) >= GAP_MS || isDue(watch, looked.get(watch.id) ?? null, now);
    const due = (await dueAt(url)).filter(isTime);
    const reading = due.length > 0 ? await awake(() => readTab(tabId)) : null;
    // Another view by now: what it shows says nothing of this one.
    if (!reading || !samePage(url, reading.url)) return false;
    await conclude(due, reading, "Seen by the contributor's own browser in passing.");
    return true;
  });
  if (taken) await drain({ force: true });
  return taken;
}

/**
 * The capture is a look, too: what the page held when the person captured it.
 * @param {number} tabId
 * @param {string} capture its id
 * @param {string} page as the browser says it
 * @param {import("./match.js").Target} target
 * @returns {Promise<boolean>} whether it found the post
 */
export async function lookAtCapture(tabId, capture, page, target) {
  const reading = await awake(() => readTab(tabId));
  if (!reading || !samePage(page, reading.url)) return false;
  const subject = { watch: null, origin: null, capture };
  const said = await keepLook({ key: capture, subject, target, page, isPublic: false }, reading, "Seen at the capture.");
  return said.sighting !== null;
}

/** @param {string} url @returns {Promise<number | null>} null without a window to open it in */
async function openTab(url) {
  try {
    const { id } = await chrome.tabs.create({ url, active: false });
    if (id === undefined) return null;
    await chrome.storage.session.set({ [OPENED]: id });
    await chrome.tabs.update(id, { muted: true });
    return id;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return null;
  }
}

/** @param {number} tab @returns {Promise<boolean>} whether it loaded in time */
async function settled(tab) {
  for (let waited = 0; waited < LOAD_MS; waited += PAUSE_MS) {
    const found = await chrome.tabs.get(tab).catch(() => null);
    if (!found) return false;
    // An address that is not told is that of a site we may not see, or of the tab's first, empty page.
    const isThere = found.url?.startsWith("http") || (!found.url && waited >= FIRST_PAGE_MS);
    if (found.status === "complete" && isThere) return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return false;
}

/** Closes it, unless the person has gone there meanwhile. @param {number} tab */
async function closeTab(tab) {
  const found = await chrome.tabs.get(tab).catch(() => null);
  if (found && !found.active) await chrome.tabs.remove(tab).catch(() => undefined); // closed just now
  await chrome.storage.session.remove(OPENED);
}

/** A tab whose look was cut off when the browser stopped the background. */
async function closeLeftover() {
  const { [OPENED]: left } = await chrome.storage.session.get(OPENED);
  if (typeof left === "number") await closeTab(left);
}
