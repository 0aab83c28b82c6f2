import { updateBadge } from "../lib/badge.js";
import { discard } from "../lib/outbox.js";
import { announce } from "../lib/settings.js";

/** The person gives up a refused capture. @param {{id: string}} payload */
export async function outboxRemove({ id }) {
  await discard(id);
  await updateBadge();
  await announce();
  return {};
}
