import { keepAction, actions } from "../lib/actions.js";
import { awake } from "../lib/awake.js";
import { Fault } from "../lib/fault.js";
import { outcomeOf, refusal } from "../lib/outcome.js";
import { tryRefresh } from "../lib/paired.js";
import { wakeLater } from "../lib/sender.js";
import { callAt } from "../lib/services.js";
import { announce } from "../lib/settings.js";
import { findWatch } from "../lib/watch_list.js";

const WAIT_S = 60;

/**
 * Has the service look at a post now. What cannot be asked now is kept and asked later.
 * @param {{watch: string}} payload
 * @returns {Promise<{isKept: boolean, look: {sighting: string | null, reason: string | null} | null}>}
 *   look: null when it was not taken in time, or not asked for yet
 */
export async function watchLook({ watch }) {
  const found = await findWatch(watch);
  if (!found) throw new Fault("watch_unknown");
  const path = `/api/v1/watches/${encodeURIComponent(watch)}/checks?wait=${WAIT_S}`;
  try {
    const response = await awake(() => callAt(found.origin, path, { method: "POST", timeout: (WAIT_S + 15) * 1_000 }));
    const { answer, problem } = await outcomeOf(response, (given) => Boolean(given?.watch));
    if (problem) throw refusal(problem, "look_refused");
    await tryRefresh();
    const { sighting = null, reason = null } = answer.observation ?? {};
    return { isKept: false, look: answer.observation && { sighting, reason } };
  } catch (error) {
    if (!(error instanceof Fault) || /^(?:look_)?refused/u.test(error.code)) throw error;
    await wakeLater();
    const isKept = (await actions()).some((row) => row.kind === "look_now" && row.subject.watch === watch && row.state === "waiting");
    if (!isKept) await keepAction("look_now", { watch, origin: found.origin, capture: null });
    await announce();
    return { isKept: true, look: null };
  }
}
