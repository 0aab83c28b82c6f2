import { keepAction, toldAction } from "../lib/actions.js";
import { updateBadge } from "../lib/badge.js";
import { tryRefresh } from "../lib/paired.js";
import { drain, wakeLater } from "../lib/sender.js";
import { announce } from "../lib/settings.js";

/**
 * The person takes back what the service was told already. Both stay in its record. Asked for again,
 * it is told once.
 * @param {{id: string}} payload what was told
 */
export async function watchRetract({ id }) {
  const { row, told_at: told, retraction } = await toldAction(String(id));
  if (retraction) return { id: retraction.id };
  await wakeLater();
  const now = new Date().toISOString();
  const body = { notice: "retracted", retracts: told, at: now > told ? now : told };
  const made = await keepAction("retracted", row.subject, { body, retracts: row.id });
  await updateBadge();
  await announce();
  void drain().then(tryRefresh);
  return { id: made };
}
