import { refreshWatches } from "../lib/watches.js";

/** Asks the service for the verdicts now. */
export async function watchesRefresh() {
  await refreshWatches();
  return {};
}
