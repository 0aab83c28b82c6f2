import { measureClock } from "./about.js";
import { Fault } from "./fault.js";
import { callPaired, json } from "./service.js";
import { announce, read, write } from "./settings.js";
import { stateWords } from "./words.js";

/**
 * What is watched, as the service says it.
 *
 * @typedef {object} Verdict
 * @property {string} state
 * @property {string | null} level
 * @property {boolean} silent
 * @property {string | null} last_seen
 * @property {string | null} first_missing
 * @property {string | null} next_check_at
 *
 * @typedef {object} Watch
 * @property {string} id
 * @property {string} url
 * @property {string} text
 * @property {string | null} author
 * @property {Verdict | null} verdict
 *
 * @typedef {object} WatchList
 * @property {string} origin of the service that said so
 * @property {string} at
 * @property {Watch[]} items
 */

const ALARM = "watches";
const PERIOD_MIN = 3;

/** Keeps the alarm that asks for verdicts; does nothing while no service is paired. */
export async function keepWatching() {
  if ((await read("service")) && !(await chrome.alarms.get(ALARM))) {
    await chrome.alarms.create(ALARM, { periodInMinutes: PERIOD_MIN });
  }
}

/**
 * Asks the service for all watches and tells the person of every verdict that changed.
 * @throws {Fault} `unpaired`, `unreachable`, `permission_missing`, `token_refused`, `server_error`
 */
export async function refreshWatches() {
  await navigator.locks.request("rature-watches", async () => {
    const response = await callPaired("/api/v1/watches");
    const answer = await json(response);
    const items = Array.isArray(answer) ? answer : (answer?.watches ?? answer?.items);
    if (response.status === 401) throw new Fault("token_refused");
    if (!response.ok || !Array.isArray(items)) throw new Fault("server_error", String(response.status));
    const { origin } = new URL(response.url);
    /** @type {WatchList | null} */
    const before = await read("watches");
    const watches = items.filter((item) => !item.closed_at).map(toWatch);
    await write("watches", { origin, at: new Date().toISOString(), items: watches });
    for (const watch of changed(before?.origin === origin ? before.items : [], watches)) await notify(watch);
  });
  await measureClock();
  await announce();
}

/** @param {any} item @returns {Watch} */
function toWatch(item) {
  const target = item.target ?? item;
  return {
    id: String(item.id),
    url: String(target.permalink ?? target.url ?? ""),
    text: String(target.text ?? ""),
    author: target.author ?? null,
    verdict: item.verdict?.state ? item.verdict : null,
  };
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
    message: [watch.author, watch.text.slice(0, 140)].filter(Boolean).join(": "),
  });
}

/** @param {string} notification its id; opens the watch's page */
export async function openNotified(notification) {
  const service = await read("service");
  if (!service || !notification.startsWith("watch:")) return;
  const id = encodeURIComponent(notification.slice("watch:".length));
  await chrome.tabs.create({ url: `${service.origin}/watches/${id}` });
  await chrome.notifications.clear(notification);
}
