import { all, get, transact } from "./db.js";
import { Fault } from "./fault.js";
import { framesOf } from "./outbox.js";

const ABANDONED_AFTER_MS = 3_600_000;

/**
 * @typedef {object} Draft a capture in the making
 * @property {string} id
 * @property {number} tab
 * @property {string} url of the page, as the browser says it, not the page
 * @property {string} started_at
 */

/**
 * @param {string} id
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<Draft>}
 * @throws {Fault} `draft_unknown` when this tab has no such draft
 */
export async function requireDraft(id, sender) {
  const draft = await get("drafts", String(id));
  if (!draft || draft.tab !== sender.tab?.id) throw new Fault("draft_unknown");
  return draft;
}

/** @param {string} id */
export async function forgetDraft(id) {
  await transact(["drafts", "frames"], "readwrite", (stores) => {
    stores.drafts.delete(id);
    stores.frames.delete(framesOf(id));
  });
}

/** Drops the drafts whose page was closed in the middle. */
export async function forgetAbandoned() {
  const cutoff = new Date(Date.now() - ABANDONED_AFTER_MS).toISOString();
  for (const draft of await all("drafts")) {
    if (draft.started_at < cutoff) await forgetDraft(draft.id);
  }
}
