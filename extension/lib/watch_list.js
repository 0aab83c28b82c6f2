import { read, write } from "./settings.js";

/**
 * What is watched, as the services said it last.
 *
 * @typedef {object} Verdict
 * @property {string} state
 * @property {string | null} level
 * @property {boolean} silent
 * @property {string | null} last_seen
 * @property {string | null} first_missing
 * @property {{last_seen: string | null, first_missing: string, seen_again: string | null}[]} [windows] each time it was missing
 * @property {string | null} [reason] why the newest look said nothing
 * @property {string | null} next_check_at
 * @property {string} [next_check_reason]
 *
 * @typedef {object} Watch
 * @property {string} id
 * @property {string} origin of the service that watches it
 * @property {string} url
 * @property {string} page the page that shows it
 * @property {string} text
 * @property {string | null} author
 * @property {string | null} post_id
 * @property {string | null} permalink
 * @property {string | null} last_check_at
 * @property {string | null} waits_until its site is left alone until then
 * @property {Verdict | null} verdict
 *
 * @typedef {object} WatchList
 * @property {string} at
 * @property {Watch[]} items
 * @property {string[]} untold watches whose new verdict the person has not been told of
 */

/** @returns {Promise<WatchList>} */
export async function watchList() {
  const kept = await read("watches");
  // A list of the version before names its one service once.
  const items = (kept?.items ?? []).map((/** @type {any} */ item) => ({ origin: kept.origin, page: item.url, ...item }));
  return { at: kept?.at ?? "", items, untold: kept?.untold ?? [] };
}

/** @param {WatchList} list */
export async function keepWatchList(list) {
  await write("watches", list);
}

/** @param {string} id @returns {Promise<Watch | undefined>} */
export async function findWatch(id) {
  return (await watchList()).items.find((watch) => watch.id === id);
}

/** @param {string[]} origins whose watches stay; the others' are no longer asked for */
export async function forgetWatches(origins) {
  const list = await watchList();
  await keepWatchList({ ...list, items: list.items.filter((watch) => origins.includes(watch.origin)) });
}

/** @param {any} item as a service lists it @param {string} origin @returns {Watch} */
export function toWatch(item, origin) {
  const target = item.target ?? item;
  return {
    id: String(item.id),
    origin,
    url: String(target.permalink ?? target.url ?? ""),
    page: String(target.url ?? ""),
    text: String(target.text ?? ""),
    author: target.author ?? null,
    post_id: target.post_id ?? null,
    permalink: target.permalink ?? null,
    last_check_at: item.last_check_at ?? null,
    waits_until: item.waits_until ?? null,
    verdict: item.verdict?.state ? item.verdict : null,
  };
}
