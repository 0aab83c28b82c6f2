import { updateBadge } from "../lib/badge.js";
import { forgetDraft, requireDraft } from "../lib/draft.js";

/**
 * A capture that will not be finished.
 * @param {{id: string}} payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureCancel({ id }, sender) {
  await requireDraft(id, sender);
  await forgetDraft(id);
  await updateBadge();
  return {};
}
