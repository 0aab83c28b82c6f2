import { measureClock } from "../lib/about.js";
import { put } from "../lib/db.js";
import { read } from "../lib/settings.js";

/**
 * A person picked a post: makes a draft that only this frame of this tab may go on with. It is held
 * back for masks when the person asked so, now or once for all.
 * @param {{isHeld?: boolean}} payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureBegin({ isHeld }, sender) {
  const id = crypto.randomUUID();
  const isReviewed = isHeld === true || (await read("review"))?.isOn === true;
  const frame = sender.frameId ?? 0;
  const own = sender.url ?? "";
  await put("drafts", {
    id,
    tab: sender.tab?.id,
    frame,
    url: frame === 0 ? own : (sender.tab?.url ?? own),
    frame_url: frame === 0 ? null : own,
    isReviewed,
    started_at: new Date().toISOString(),
  });
  // Not waited for: without an answer the offset is null, and the pictures must not be late.
  void measureClock();
  return { id, isReviewed };
}
