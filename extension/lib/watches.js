import { measureClock } from "./about.js";
import { Fault } from "./fault.js";
import { json } from "./service.js";
import { callAt, services } from "./services.js";
import { announce, forget, read, write } from "./settings.js";
import { planLooks } from "./vantage.js";
import { findWatch, keepWatchList, toWatch, watchList } from "./watch_list.js";
import { quoted, stateWords } from "./words.js";

/** @typedef {import("./watch_list.js").Watch} Watch */

const ALARM = "watches";
const PERIOD_MIN = 3;
const PAGE = 500;

/** Keeps the alarm that asks for verdicts; does nothing while no service is paired. */
export async function keepWatching() {
  if ((await services()).length > 0 && !(await chrome.alarms.get(ALARM))) {
    await chrome.alarms.create(ALARM, { periodInMinutes: PERIOD_MIN });
  }
}

/**
 * Asks every service for its watches and tells the person of each verdict that changed. One that does
 * not answer keeps what it said last, and holds up none of the others.
 * @throws {Fault} the first one's: `unpaired`, `unreachable`, `permission_missing`, `token_refused`,
 *   `server_error`
 */
export async function refreshWatches() {
  /** @type {Fault[]} */
  const faults = [];
  await navigator.locks.request("rature-watches", async () => {
    const all = await services();
    if (all.length === 0) throw new Fault("unpaired");
    for (const { origin } of all) {
      try {
        await take(origin, await fetchWatches(origin));
        if ((await read("trouble"))?.origin === origin) await forget("trouble");
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        faults.push(error);
        await write("trouble", { code: error.code, detail: error.detail, origin });
      }
    }
    await tell();
  });
  await measureClock();
  await planLooks();
  await announce();
  if (faults.length > 0) throw faults[0];
}

/** @param {string} origin @returns {Promise<Watch[]>} those that are looked at */
async function fetchWatches(origin) {
  /** @type {any[]} */
  const found = [];
  for (;;) {
    const response = await callAt(origin, `/api/v1/watches?limit=${PAGE}&offset=${found.length}`);
    const answer = await json(response);
    const items = Array.isArray(answer) ? answer : (answer?.watches ?? answer?.items);
    if (response.status === 401) throw new Fault("token_refused", origin);
    if (!response.ok || !Array.isArray(items)) throw new Fault("server_error", String(response.status));
    found.push(...items);
    if (items.length === 0 || !(answer.total > found.length)) break;
  }
  return found.filter((item) => !item.closed_at).map((item) => toWatch(item, origin));
}

/**
 * What is new is kept together with whom to tell, so that nothing is told twice or forgotten when the
 * browser stops the background in between.
 * @param {string} origin @param {Watch[]} watches
 */
async function take(origin, watches) {
  const before = await watchList();
  const own = before.items.filter((watch) => watch.origin === origin);
  const others = before.items.filter((watch) => watch.origin !== origin);
  const untold = [...before.untold, ...changed(own, watches).map(({ id }) => id)];
  const items = [...others, ...watches];
  await keepWatchList({ at: new Date().toISOString(), items, untold: [...new Set(untold)] });
}

/** Tells the person of what changed, each change once. */
async function tell() {
  const { untold } = await watchList();
  for (const id of untold) {
    const watch = await findWatch(id);
    if (watch) await notify(watch);
    const list = await watchList();
    await keepWatchList({ ...list, untold: list.untold.filter((each) => each !== id) });
  }
}

/**
 * The watches whose state or level is another than before. A first verdict is no change, and neither
 * is the first look that finds the post where it was captured.
 * @param {Watch[]} before
 * @param {Watch[]} after
 */
export function changed(before, after) {
  const known = new Map(before.map((watch) => [watch.id, watch.verdict]));
  return after.filter(({ id, verdict }) => {
    const old = known.get(id);
    const isFirstLook = old?.state === "indeterminate" && !old.last_seen && verdict?.state === "visible";
    return old && verdict && !isFirstLook && (old.state !== verdict.state || old.level !== verdict.level);
  });
}

/** @param {Watch} watch */
async function notify(watch) {
  await chrome.notifications.create(`watch:${watch.id}`, {
    type: "basic",
    iconUrl: chrome.runtime.getURL("icons/128.png"),
    title: stateWords(watch.verdict),
    message: quoted(watch.author, watch.text.slice(0, 140)),
  });
}

/** @param {string} notification its id; opens the watch's page */
export async function openNotified(notification) {
  if (!notification.startsWith("watch:")) return;
  const id = notification.slice("watch:".length);
  const watch = await findWatch(id);
  const [first] = await services();
  const origin = watch?.origin ?? first?.origin;
  if (!origin) return;
  await chrome.tabs.create({ url: `${origin}/watches/${encodeURIComponent(id)}` });
  await chrome.notifications.clear(notification);
}
