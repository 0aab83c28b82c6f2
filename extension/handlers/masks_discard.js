import { updateBadge } from "../lib/badge.js";
import { discardHeld } from "../lib/originals.js";
import { announce } from "../lib/settings.js";

/** The person gives up a capture that is held for masks. @param {{id: string}} payload */
export async function masksDiscard({ id }) {
  await discardHeld(id);
  await updateBadge();
  await announce();
  return {};
}
