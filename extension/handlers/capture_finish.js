import { requireDraft } from "../lib/draft.js";
import { finish } from "../lib/finish.js";
import { updateBadge } from "../lib/badge.js";
import { drain } from "../lib/sender.js";
import { announce } from "../lib/settings.js";

/**
 * Makes the capture from its draft, keeps it, and begins to send it.
 * @param {import("../lib/finish.js").Material & {id: string}} payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureFinish(payload, sender) {
  const draft = await requireDraft(payload.id, sender);
  const kept = await finish(draft, payload);
  await updateBadge();
  await announce();
  // Not waited for: it is kept already, and the outbox's alarm goes on where this ends.
  void drain();
  return kept;
}
