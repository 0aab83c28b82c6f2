import { all, get, transact } from "./db.js";
import { Fault } from "./fault.js";
import { framesOf } from "./outbox.js";

const ABANDONED_AFTER_MS = 3_600_000;

/**
 * @typedef {object} Draft a capture in the making
 * @property {string} id
 * @property {number} tab
 * @property {number} frame its number in the tab; 0 for the page itself
 * @property {string} url of the page, as the browser says it, not the page
 * @property {string | null} frame_url of the frame with the post, when it stands in one
 * @property {boolean} isReviewed held back until the person has drawn masks
 * @property {string} started_at
 */

/**
 * @param {string} id
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<Draft>}
 * @throws {Fault} `draft_unknown` when this frame of this tab has no such draft
 */
export async function requireDraft(id, sender) {
  const draft = await get("drafts", String(id));
  const isOwn = draft?.tab === sender.tab?.id && (draft?.frame ?? 0) === (sender.frameId ?? 0);
  if (!draft || !isOwn) throw new Fault("draft_unknown");
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
