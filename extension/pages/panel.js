import { ask } from "../lib/ask.js";
import { describe } from "../lib/fault.js";
import { faultWords, words } from "../lib/words.js";
import { byId, showText, translate, whenReleased } from "./dom.js";
import { failedSection, heldSection, ofState } from "./lists.js";
import { failedActions, waitingActions } from "./panel_outbox.js";
import { showSites } from "./panel_sites.js";
import { makeCard } from "./post_card.js";
import { refresh, showTrouble } from "./trouble.js";

/**
 * The panel beside the page, also a tab of its own: every post with what became of it, and what can
 * be done. Cards stay where they are while their contents change, so that what is being written in
 * one, and where the keyboard is, is not lost.
 *
 * @typedef {ReturnType<typeof makeCard>} Card
 * @typedef {import("./post_card.js").Post} Post
 */

/** @type {Map<string, Card>} */
const cards = new Map();

async function show() {
  const status = await ask("status.read");
  const origin = status.service?.origin ?? null;
  const link = /** @type {HTMLAnchorElement} */ (byId("service"));
  link.hidden = origin === null;
  if (origin) link.href = origin;
  byId("connect").hidden = origin !== null;
  showTrouble(status.trouble, origin);
  const posts = postsOf(status);
  showPosts(posts);
  byId("failed").replaceChildren(...shown(heldSection(ofState(status.captures, "held")), failedSection(ofState(status.captures, "failed")), failedActions(status, attempt)));
  byId("waiting").replaceChildren(...shown(waitingActions(status, attempt)));
  showSites(status, attempt);
}

/** @param {(HTMLElement | null)[]} sections */
function shown(...sections) {
  return sections.filter((section) => section !== null);
}

/** Watched posts, and captured ones that no service watches yet. @param {any} status @returns {Post[]} */
function postsOf({ watches, captures, actions, looked }) {
  const waiting = captures.filter((/** @type {any} */ row) => row.state === "waiting");
  const looks = new Map(looked.map((/** @type {any} */ row) => [row.watch, row]));
  const watched = watches.map((/** @type {any} */ watch) => ({
    key: watch.id,
    watch,
    captures: captures.filter((/** @type {any} */ row) => row.answer?.watch_id === watch.id),
    told: actions.filter((/** @type {any} */ row) => row.subject.watch === watch.id || captures.some((/** @type {any} */ kept) => kept.id === row.subject.capture && kept.answer?.watch_id === watch.id)),
    looked: looks.get(watch.id) ?? null,
  }));
  const kept = waiting.map((/** @type {any} */ row) => ({
    key: row.id,
    watch: null,
    captures: [row],
    told: actions.filter((/** @type {any} */ action) => action.subject.capture === row.id),
    looked: null,
  }));
  return [...kept, ...watched];
}

/** @param {Post[]} posts */
function showPosts(posts) {
  const keys = new Set(posts.map(({ key }) => key));
  for (const [key, card] of cards) {
    if (keys.has(key)) continue;
    card.element.remove();
    cards.delete(key);
  }
  const list = byId("cards");
  posts.forEach((post, place) => {
    const card = cards.get(post.key) ?? makeCard(attempt);
    cards.set(post.key, card);
    card.update(post);
    // Moved only when its place is another one: moving takes the keyboard away from it.
    if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
  });
  byId("posts-count").textContent = posts.length > 0 ? String(posts.length) : "";
  byId("empty").hidden = posts.length > 0;
}

/** Runs what a control does, and tells in words what went wrong. @param {() => Promise<void>} act */
async function attempt(act) {
  showText(byId("fault"), "");
  try {
    await act();
  } catch (error) {
    showText(byId("fault"), faultWords(describe(error)));
  }
}

translate();
document.title = words("panel_title");
byId("pair").addEventListener("click", () => void chrome.runtime.openOptionsPage());
chrome.storage.onChanged.addListener(whenReleased(show));
await show();
await refresh();
await show();
