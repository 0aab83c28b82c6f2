import { fromBase64 } from "../lib/bytes.js";
import { put } from "../lib/db.js";
import { requireDraft } from "../lib/draft.js";
import { Fault } from "../lib/fault.js";
import { FIRST_ATTACHMENT, MOST_ATTACHMENTS, typeOf } from "../lib/attachments.js";

/**
 * Keeps one of the post's own pictures.
 * @param {{id: string, index: number, data: string, source: string | null, alt: string}} payload data: a data: address
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureAttach({ id, index, data, source, alt }, sender) {
  await requireDraft(id, sender);
  const place = Number(index);
  if (!(place >= 0 && place < MOST_ATTACHMENTS)) throw new Fault("message_refused", "capture.attach");
  const bytes = fromBase64(String(data).slice(String(data).indexOf(",") + 1));
  const row = { draft: id, index: FIRST_ATTACHMENT + place, png: bytes, media_type: typeOf(bytes), source, alt };
  await put("frames", row);
  return { index: place };
}
