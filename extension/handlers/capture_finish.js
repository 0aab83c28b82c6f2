import { requireDraft } from "../lib/draft.js";
import { finish } from "../lib/finish.js";
import { updateBadge } from "../lib/badge.js";
import { find } from "../lib/outbox.js";
import { drain, wakeLater } from "../lib/sender.js";
import { announce } from "../lib/settings.js";
import { lookAtCapture } from "../lib/vantage.js";

/**
 * Makes the capture from its draft, keeps it, and begins to send it. Asked again, because the answer
 * was lost, it gives the same answer.
 * @param {import("../lib/finish.js").Material & {id: string}} payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function captureFinish(payload, sender) {
  await wakeLater();
  const before = await find(payload.id);
  const kept = before ?? (await finish(await requireDraft(payload.id, sender), payload));
  await updateBadge();
  await announce();
  if (!before && kept.state === "held") await chrome.tabs.create({ url: chrome.runtime.getURL(`pages/mask.html?capture=${kept.id}`) });
  // Not waited for: it is kept already, and the outbox's alarm goes on where this ends.
  void drain();
  // What is held back for masks is no look either: nothing of it leaves before.
  if (!before && kept.state !== "held") void lookAfter(kept.id, payload.reading, sender);
  return { id: kept.id, state: kept.state, completeness: kept.completeness, missing: kept.missing };
}

/**
 * What the capture shows is also a look with the person's session.
 * @param {string} capture its id
 * @param {import("../lib/manifest.js").Reading} reading
 * @param {chrome.runtime.MessageSender} sender
 */
async function lookAfter(capture, reading, { tab, url }) {
  if (tab?.id === undefined || !url || reading.isSubstitute) return;
  if (await lookAtCapture(tab.id, capture, url, reading)) await drain();
}
