import { ask } from "../lib/ask.js";
import { missingWords, quoted, refusalWords, saidWords, stateWords, when, words } from "../lib/words.js";
import { button, make } from "./dom.js";

/**
 * @typedef {import("../lib/outbox.js").CaptureRow} CaptureRow
 * @typedef {import("../lib/watch_list.js").Watch} Watch
 */

const MOST_ARCHIVED = 5;
const GOOD = new Set(["visible", "restored"]);
const BAD = new Set(["removed", "hidden", "tombstoned", "parent_gone", "wall_gone", "author_gone"]);
const UNKNOWN = new Set(["indeterminate", "withdrawn"]);

/** @param {CaptureRow[]} rows @param {CaptureRow["state"][]} states @returns {CaptureRow[]} those in one of the states */
export function ofState(rows, ...states) {
  return rows.filter(({ state }) => states.includes(state));
}

/**
 * @param {string} title key
 * @param {number} count
 * @param {HTMLElement[]} items
 * @returns {HTMLElement | null} nothing for an empty list
 */
export function section(title, count, items) {
  if (items.length === 0) return null;
  const head = make("h2", {}, words(title), make("span", { class: "count" }, String(count)));
  return make("section", { class: title }, head, make("ul", {}, ...items));
}

/** @param {Watch[]} watches @param {string | null} origin */
export function watchedSection(watches, origin) {
  return section("list_watched", watches.length, watches.map((watch) => watchItem(watch, watch.origin ?? origin)));
}

/** @param {Watch} watch @param {string | null} origin */
function watchItem({ id, text, author, verdict }, origin) {
  const state = make("strong", { class: `state ${tone(verdict)}` }, stateWords(verdict));
  const quote = make("p", { class: "quote" }, quoted(author, text));
  /** @type {Record<string, string>} */
  const link = origin ? { href: `${origin}/watches/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener" } : {};
  return make("li", {}, make(origin ? "a" : "div", link, state, quote), windowLine(verdict));
}

/** Red is for what is established; one look alone accuses nobody. @param {Watch["verdict"]} verdict */
export function tone(verdict) {
  if (!verdict || UNKNOWN.has(verdict.state)) return "unknown";
  if (BAD.has(verdict.state)) return verdict.level === "suspected" ? "unsure" : "bad";
  return GOOD.has(verdict.state) ? "good" : "unsure";
}

/** Between which two moments it went, and when it was back. @param {Watch["verdict"]} verdict */
export function windowLine(verdict) {
  if (!verdict?.last_seen) return null;
  const seen = when(verdict.last_seen);
  const closed = verdict.state === "restored" ? verdict.windows?.findLast((each) => each.last_seen && each.seen_again) : null;
  if (closed) return line(words("window_restored", [closed.last_seen, closed.first_missing, closed.seen_again].map((each) => when(each ?? ""))));
  if (!verdict.first_missing || GOOD.has(verdict.state)) return line(words("window_open", [seen]));
  const key = verdict.level === "suspected" ? "window_suspected" : "window_closed";
  return line(words(key, [seen, when(verdict.first_missing)]));
}

/** @param {string} text */
export function line(text) {
  return make("p", { class: "soft small" }, text);
}

/** Nothing of these is sent before the person has decided. @param {CaptureRow[]} rows */
export function heldSection(rows) {
  return section("list_held", rows.length, rows.map((row) => make("li", {}, preview(row), maskLink(row, "action_mask"))));
}

/** @param {CaptureRow} row @param {string} label key */
function maskLink(row, label) {
  const href = `mask.html?capture=${encodeURIComponent(row.id)}`;
  return make("p", { class: "small" }, make("a", { href, target: "_blank" }, words(label)));
}

/** @param {CaptureRow[]} rows */
export function failedSection(rows) {
  return section("list_failed", rows.length, rows.map(failedItem));
}

/** @param {CaptureRow} row */
function failedItem(row) {
  return make(
    "li",
    {},
    preview(row),
    ...reasonOf(row.problem),
    make(
      "div",
      { class: "actions" },
      button(words("action_retry"), () => ask("outbox.retry", { id: row.id })),
      removal(() => ask("outbox.remove", { id: row.id })),
    ),
  );
}

/** Why it was refused and what to do, then what the service said. @param {CaptureRow["problem"]} problem */
export function reasonOf(problem) {
  if (!problem) return [];
  const text = problem.status === 0 ? words("reason_lost") : refusalWords(problem);
  return [make("p", { class: "small reason" }, text), saidBy(saidWords(problem))];
}

/** A service's own words, in its language; folded, for whoever is asked for help. @param {string} text */
export function saidBy(text) {
  return text ? make("details", { class: "soft small" }, make("summary", {}, words("service_words")), make("p", { lang: "en" }, text)) : null;
}

/** Deleting cannot be undone: the first press asks, the second does it. @param {() => Promise<void>} act */
export function removal(act) {
  const slot = make("span");
  const first = button(words("action_remove"), () => {
    const second = button(words("action_remove_really"), act);
    slot.replaceChildren(second);
    second.focus();
  });
  slot.append(first);
  return slot;
}

/** @param {CaptureRow[]} rows */
export function waitingSection(rows) {
  return section("list_waiting", rows.length, rows.map((row) => make("li", {}, preview(row), details(row, words("state_kept")))));
}

/** @param {CaptureRow[]} rows */
export function archivedSection(rows) {
  const shown = rows.slice(0, MOST_ARCHIVED);
  return section("list_archived", rows.length, shown.map(archivedItem));
}

/** @param {CaptureRow} row */
function archivedItem(row) {
  const own = row.isMasked ? maskLink(row, "action_original") : null;
  return make("li", {}, preview(row), details(row, words(row.state === "sealed" ? "state_sealed" : "state_archived")), own);
}

/** @param {CaptureRow} row */
function preview({ preview: { author, text } }) {
  return make("p", { class: "quote" }, quoted(author, text));
}

/** @param {CaptureRow} row @param {string} state */
function details(row, state) {
  const lacks = row.missing.map(missingWords).join(", ");
  const said = line(`${when(row.created_at)} · ${state}`);
  if (lacks) said.append(" · ", make("span", { class: "partial" }, words("notice_partial", [lacks])));
  return said;
}
