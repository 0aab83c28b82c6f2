import { showProgress } from "../lib/badge.js";
import { put } from "../lib/db.js";
import { requireDraft } from "../lib/draft.js";
import { takePicture } from "../lib/picture.js";

/**
 * Takes and keeps one picture of the window or, in Firefox, of a rectangle of the page.
 * @param {{id: string, index: number, steps: number, ratio: number, rect?: import("../lib/picture.js").Rect}} payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureFrame({ id, index, steps, ratio, rect }, sender) {
  const draft = await requireDraft(id, sender);
  const png = await takePicture(draft.tab, Number(ratio), rect);
  await put("frames", { draft: id, index: Number(index), png });
  if (steps > 1) await showProgress(Number(index), Number(steps));
  return { index };
}
