import { pageOf } from "./address.js";

/**
 * When the person's own browser looks at which page. Pure. The service's schedule leads: a look of
 * ours follows each of its looks that misses the post, which is when the person's view decides
 * something; while everybody sees the post, once a day is enough. One page at a time, and never more
 * often on a site than a person would come by.
 *
 * @typedef {import("./watch_list.js").Watch} Watch
 * @typedef {import("./own_sites.js").OwnSites} OwnSites
 */

/** Between two tabs opened on one site. */
export const GAP_MS = 15 * 60_000;
export const MOST_A_DAY = 12;
const DAY_MS = 24 * 3_600_000;
/** Nothing more can be learned of these by looking. */
const OVER = new Set(["withdrawn", "wall_gone", "author_gone"]);

/** @param {Watch} watch @returns {boolean} the public does not see it, or never did */
function isMissed({ verdict }) {
  return !verdict || !verdict.last_seen || Boolean(verdict.first_missing && !["visible", "restored"].includes(verdict.state));
}

/**
 * @param {Watch} watch
 * @param {number | null} last when our newest look at it was taken, milliseconds
 * @param {number} now
 */
export function isDue(watch, last, now) {
  if (OVER.has(watch.verdict?.state ?? "") || Date.parse(watch.waits_until ?? "") > now) return false;
  if (last === null || now - last >= DAY_MS) return true;
  if (!isMissed(watch) || watch.verdict?.level === "confirmed") return false;
  return Date.parse(watch.last_check_at ?? "") > last && now - last >= GAP_MS;
}

/** @param {number[]} looks @param {number} now @returns {number[]} those of the last day */
export function ofLastDay(looks, now) {
  return looks.filter((at) => now - at < DAY_MS && at <= now);
}

/** @param {number[]} looks @param {number} now @returns {number} from when on a tab may be opened; Infinity: not today */
export function freeFrom(looks, now) {
  const recent = ofLastDay(looks, now);
  if (recent.length >= MOST_A_DAY) return Math.min(...recent) + DAY_MS;
  return recent.length > 0 ? Math.max(...recent) + GAP_MS : now;
}

/**
 * The page to look at next: of those whose turn has come the one where a post is missed, then the one
 * looked at longest ago.
 * @param {Watch[]} watches
 * @param {OwnSites} sites those that may be looked at
 * @param {Map<string, number>} looked watch -> when, milliseconds
 * @param {number} now
 * @returns {{origin: string, page: string, at: number} | null} `at`: when it may be opened
 */
export function nextPage(watches, sites, looked, now) {
  const due = watches
    .filter((watch) => Object.hasOwn(sites, originOf(watch.page)) && isDue(watch, looked.get(watch.id) ?? null, now))
    .map((watch) => ({ watch, at: freeFrom(sites[originOf(watch.page)].looks, now) }))
    .sort((one, other) =>
      one.at - other.at
      || Number(isMissed(other.watch)) - Number(isMissed(one.watch))
      || (looked.get(one.watch.id) ?? 0) - (looked.get(other.watch.id) ?? 0));
  if (due.length === 0) return null;
  const [{ watch, at }] = due;
  return { origin: originOf(watch.page), page: pageOf(watch.page), at };
}

/** @param {string} url @returns {string} empty for what is no web page */
export function originOf(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : "";
}
