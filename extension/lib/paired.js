import { Fault } from "./fault.js";
import { drain } from "./sender.js";
import { keepWatching, refreshWatches } from "./watches.js";

/** What a new pairing sets going: what waited is sent, and verdicts are asked for. */
export async function afterPairing() {
  await keepWatching();
  await drain({ force: true });
  await tryRefresh();
}

/** The alarm's refresh: the next one comes in any case. */
export async function tryRefresh() {
  try {
    await refreshWatches();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
