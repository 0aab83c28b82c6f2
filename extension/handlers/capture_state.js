import { find } from "../lib/outbox.js";

/** What became of a capture, for the notice on its page. @param {{id: string}} payload */
export async function captureState({ id }) {
  const row = await find(String(id));
  return { state: row?.state ?? "waiting" };
}
