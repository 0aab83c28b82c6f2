import { retractionOf } from "../lib/actions.js";
import { ask } from "../lib/ask.js";
import { fetchBundle } from "../lib/bundle.js";
import { outcomeWords, quoted, reasonWords, stateWords, when, words } from "../lib/words.js";
import { button, make, nameControls } from "./dom.js";
import { line, tone, windowLine } from "./lists.js";
import { actionWords } from "./panel_outbox.js";
import { reasonsForm } from "./reasons_form.js";
import { saveFile } from "./save_file.js";

/**
 * @typedef {import("../lib/watch_list.js").Watch} Watch
 * @typedef {import("../lib/outbox.js").CaptureRow} CaptureRow
 * @typedef {import("../lib/actions.js").ActionRow} ActionRow
 *
 * @typedef {object} Post
 * @property {string} key
 * @property {Watch | null} watch null: captured, and no service watches it yet
 * @property {CaptureRow[]} captures of it on this computer, newest first
 * @property {ActionRow[]} told newest first
 * @property {import("../lib/looked.js").Looked | null} looked
 */

const GONE_KINDS = new Set(["withdrawn", "reasons_given", "retracted"]);

/**
 * One post. `update` changes what it says and leaves what the person is doing in it.
 * @param {(act: () => Promise<void>) => Promise<void>} attempt
 */
export function makeCard(attempt) {
  /** @type {Post} */
  let post;
  let drawn = "";
  const facts = make("div");
  const told = make("div");
  const result = make("p", { class: "result small", role: "status" });
  const form = make("div");
  const controls = make("div", { class: "actions" });
  const element = make("li", {}, facts, told, controls, result, form);

  const subject = () => (post.watch ? { watch: post.watch.id } : { capture: post.key });

  const lookNow = button(words("look_now"), () => attempt(async () => {
    say(words("look_running"), true);
    try {
      const { isKept, look } = await ask("watch.look", subject());
      say(isKept ? words("look_kept") : look ? lookWords(look) : words("look_late"));
    } catch (error) {
      say("");
      throw error;
    }
  }));
  const deleted = button(words("told_withdrawn_ask"), () => askOnce());
  const reasons = button(words("told_reasons_ask"), () => {
    form.replaceChildren(reasonsForm(async (answer) => {
      await attempt(async () => {
        await ask("watch.reasons", { ...subject(), ...answer });
        close(reasons);
        say(words("told_thanks"));
      });
    }, () => close(reasons)));
    form.querySelector("textarea")?.focus();
  });
  const receipt = button(words("receipt_save"), () => {
    const row = post.captures.find((capture) => capture.receipt);
    if (row?.receipt) saveFile(`rature-receipt-${row.answer?.id}.json`, new Blob([row.receipt], { type: "application/json" }));
  });
  const bundle = button(words("bundle_save"), () => attempt(async () => {
    const row = post.captures.find((capture) => capture.answer);
    if (!row?.answer || !row.origin) return;
    say(words("bundle_running"), true);
    try {
      saveFile(`rature-${row.answer.id}.zip`, await fetchBundle(row.origin, row.answer.id));
    } finally {
      say("");
    }
  }));
  const open = make("a", { class: "button", target: "_blank", rel: "noopener" }, words("open_page"));
  controls.append(lookNow, deleted, reasons, receipt, bundle, open);

  /** @param {string} text @param {boolean} [isBusy] */
  function say(text, isBusy = false) {
    result.textContent = text;
    result.classList.toggle("busy", isBusy);
  }

  /** @param {HTMLElement} focus what opened it */
  function close(focus) {
    form.replaceChildren();
    focus.focus();
  }

  /** It ends the search for whoever removed the post, so it is asked once before it is told. */
  function askOnce() {
    const yes = button(words("told_withdrawn_yes"), () => attempt(async () => {
      await ask("watch.withdraw", subject());
      close(deleted);
      setTimeout(() => void ask("outbox.flush"), 10_500); // the time in which it can be taken back
    }));
    const no = button(words("action_cancel"), () => close(deleted));
    form.replaceChildren(make("div", { class: "told" }, make("p", {}, words("told_withdrawn_really")), make("div", { class: "actions" }, yes, no)));
    yes.focus();
  }

  /** @param {Post} next */
  function update(next) {
    post = next;
    const state = JSON.stringify(next);
    if (state === drawn) return;
    drawn = state;
    const [capture] = next.captures;
    facts.replaceChildren(...factsOf(next).filter((each) => each !== null));
    told.replaceChildren(...next.told.filter(({ kind, state: at }) => GONE_KINDS.has(kind) && at !== "failed").map(toldItem));
    lookNow.hidden = next.watch === null;
    receipt.hidden = !next.captures.some((row) => row.receipt);
    bundle.hidden = !next.captures.some((row) => row.answer && row.origin);
    open.hidden = next.watch === null;
    if (next.watch) open.setAttribute("href", `${next.watch.origin}/watches/${encodeURIComponent(next.watch.id)}`);
    deleted.hidden = next.told.some((row) => row.kind === "withdrawn" && row.state !== "failed" && !retractionOf(row, next.told));
    nameControls(controls.children, (next.watch?.text ?? capture?.preview.text ?? "").slice(0, 60));
  }

  /** @param {ActionRow} row */
  function toldItem(row) {
    const isWaiting = row.state === "waiting";
    const isBack = retractionOf(row, post.told) !== undefined;
    const done = isBack ? "told_back" : row.kind === "withdrawn" ? "told_withdrawn_done" : "told_done";
    const state = words(isWaiting ? "told_waiting" : done, [when(row.created_at)]);
    const undo = button(words("action_undo"), () => attempt(() => ask(isWaiting ? "action.remove" : "watch.retract", { id: row.id })));
    const canUndo = isWaiting || (row.told_at && row.kind !== "retracted" && !isBack);
    const quote = row.words ? make("p", { class: "quote soft small" }, row.words) : null;
    return make("div", { class: "told" }, make("p", { class: "small" }, `${actionWords(row)} · ${state}`), quote, canUndo ? make("div", { class: "actions" }, undo) : null);
  }

  return { element, update };
}

/** @param {Post} post */
function factsOf({ watch, captures, looked }) {
  const [capture] = captures;
  const verdict = watch?.verdict ?? null;
  const head = watch ? stateWords(verdict) : words("state_kept_waiting");
  const text = watch?.text ?? capture?.preview.text ?? "";
  const author = watch?.author ?? capture?.preview.author ?? null;
  return [
    make("h3", { class: `state ${watch ? tone(verdict) : "unknown"}` }, head),
    make("p", { class: "quote" }, quoted(author, text)),
    verdict?.silent ? line(words("silent")) : null,
    watch ? windowLine(verdict) : line(when(capture?.created_at)),
    verdict?.reason ? line(words("last_failed", [reasonWords(verdict.reason)])) : null,
    watch ? nextLine(watch) : null,
    looked ? line(words("own_saw", [when(new Date(looked.at).toISOString()), outcomeWords(looked.outcome)])) : null,
  ];
}

/** When the service looks again, and why then. @param {Watch} watch */
function nextLine({ verdict, waits_until: waits }) {
  if (waits) return line(words("next_waits", [when(waits)]));
  if (!verdict?.next_check_at) return line(words("next_none"));
  const said = verdict.next_check_reason ?? "";
  const why = chrome.i18n.getMessage(`next_${said.toLowerCase().replace(/[^a-z]+/gu, "_")}`);
  return line([words("next_at", [when(verdict.next_check_at)]), why].filter(Boolean).join(" "));
}

/** @param {{sighting: string | null, reason: string | null}} look */
function lookWords({ sighting, reason }) {
  return sighting ? words("look_said", [outcomeWords(sighting)]) : words("look_failed", [reasonWords(reason ?? "")]);
}
