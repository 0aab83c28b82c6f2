import { ask } from "../lib/ask.js";
import { when, words } from "../lib/words.js";
import { button, make } from "./dom.js";
import { line, reasonOf, removal, section } from "./lists.js";

/**
 * What was told to a service and has not arrived there, or was refused.
 *
 * @typedef {import("../lib/actions.js").ActionRow} ActionRow
 * @typedef {(act: () => Promise<void>) => Promise<void>} Attempt
 */

/** @param {ActionRow} row */
export function actionWords(row) {
  return words(`told_${row.kind}`);
}

/** @param {any} status @param {Attempt} attempt @returns {HTMLElement | null} */
export function failedActions({ actions, watches, captures }, attempt) {
  const failed = actions.filter((/** @type {ActionRow} */ row) => row.state === "failed");
  const items = failed.map((/** @type {ActionRow} */ row) => {
    const again = button(words("action_retry"), () => attempt(() => ask("action.retry", { id: row.id })));
    const gone = removal(() => attempt(() => ask("action.remove", { id: row.id })));
    const head = make("p", {}, make("strong", {}, actionWords(row)));
    return make("li", {}, head, about(row, watches, captures), ...reasonOf(row.problem), make("div", { class: "actions" }, again, gone));
  });
  return section("list_refused", items.length, items);
}

/** @param {any} status @param {Attempt} attempt @returns {HTMLElement | null} */
export function waitingActions({ actions, watches, captures }, attempt) {
  const waiting = actions.filter((/** @type {ActionRow} */ row) => row.state === "waiting").reverse();
  const items = waiting.map((/** @type {ActionRow} */ row) => {
    const undo = button(words("action_undo"), () => attempt(() => ask("action.remove", { id: row.id })));
    const head = make("p", {}, make("strong", {}, actionWords(row)));
    const kept = line(`${when(row.created_at)} · ${words("state_kept")}`);
    return make("li", {}, head, about(row, watches, captures), kept, make("div", { class: "actions" }, undo));
  });
  return section("list_untold", items.length, items);
}

/** The post's first words. @param {ActionRow} row @param {any[]} watches @param {any[]} captures */
function about({ subject }, watches, captures) {
  const watch = watches.find(({ id }) => id === subject.watch);
  const capture = captures.find(({ id }) => id === subject.capture);
  return make("p", { class: "quote soft small" }, watch?.text ?? capture?.preview.text ?? "");
}
