import { measureClock } from "../lib/about.js";
import { put } from "../lib/db.js";

/**
 * A person picked a post: makes a draft that only this tab may go on with.
 * @param {object} _payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureBegin(_payload, sender) {
  const id = crypto.randomUUID();
  await put("drafts", { id, tab: sender.tab?.id, url: sender.url, started_at: new Date().toISOString() });
  // Not waited for: without an answer the offset is null, and the pictures must not be late.
  void measureClock();
  return { id };
}
