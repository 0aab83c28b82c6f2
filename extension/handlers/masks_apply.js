import { updateBadge } from "../lib/badge.js";
import { release } from "../lib/originals.js";
import { drain, wakeLater } from "../lib/sender.js";
import { announce } from "../lib/settings.js";

/**
 * The person has said what to hide of a held capture (perhaps nothing): it is signed and sent.
 * @param {import("../lib/masking.js").Wish & {id: string}} payload
 */
export async function masksApply({ id, boxes, withoutContext, withoutAuthor, withoutThread }) {
  const missing = await release(id, { boxes: boxes ?? {}, withoutContext, withoutAuthor, withoutThread });
  await wakeLater();
  await updateBadge();
  await announce();
  // Not waited for: it is kept already, and the outbox's alarm goes on where this ends.
  void drain();
  return { missing };
}
