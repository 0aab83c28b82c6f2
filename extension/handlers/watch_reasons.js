import { keepAction } from "../lib/actions.js";
import { updateBadge } from "../lib/badge.js";
import { Fault } from "../lib/fault.js";
import { tryRefresh } from "../lib/paired.js";
import { drain, wakeLater } from "../lib/sender.js";
import { announce } from "../lib/settings.js";
import { subjectOf } from "../lib/subject.js";

const LONGEST = 20_000;

/**
 * The person was told why the post went.
 * @param {{watch?: string, capture?: string, text: string}} payload
 */
export async function watchReasons({ text, ...payload }) {
  const said = String(text).trim().slice(0, LONGEST).toWellFormed();
  if (!said) throw new Fault("reasons_empty");
  const subject = await subjectOf(payload);
  await wakeLater();
  const body = { notice: "reasons_given", text: said, at: new Date().toISOString() };
  const id = await keepAction("reasons_given", subject, { body, words: said.slice(0, 200) });
  await updateBadge();
  await announce();
  void drain().then(tryRefresh);
  return { id };
}
