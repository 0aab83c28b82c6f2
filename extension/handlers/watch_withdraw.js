import { keepAction } from "../lib/actions.js";
import { updateBadge } from "../lib/badge.js";
import { drain, wakeLater } from "../lib/sender.js";
import { announce } from "../lib/settings.js";
import { subjectOf } from "../lib/subject.js";

/**
 * The person deleted the post; nobody else is to be accused. It can be taken back for ten seconds.
 * @param {{watch?: string, capture?: string}} payload
 */
export async function watchWithdraw(payload) {
  const subject = await subjectOf(payload);
  await wakeLater();
  const body = { notice: "withdrawn", at: new Date().toISOString() };
  const id = await keepAction("withdrawn", subject, { body, undoable: true });
  await updateBadge();
  await announce();
  void drain();
  return { id };
}
