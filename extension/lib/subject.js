import { Fault } from "./fault.js";
import { find } from "./outbox.js";
import { findWatch } from "./watch_list.js";

/**
 * The post that a page of ours names: watched, or captured and not archived yet.
 * @param {{watch?: string, capture?: string}} named
 * @returns {Promise<import("./actions.js").Subject>}
 * @throws {Fault} `watch_unknown`
 */
export async function subjectOf({ watch, capture }) {
  const found = watch ? await findWatch(watch) : undefined;
  if (found) return { watch: found.id, origin: found.origin, capture: null };
  const kept = capture ? await find(capture) : undefined;
  if (kept) return { watch: null, origin: null, capture: kept.id };
  throw new Fault("watch_unknown");
}
