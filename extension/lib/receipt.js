import { Fault } from "./fault.js";
import { callAt } from "./services.js";

const QUICK_LOOKS = 4;
const QUICK_PAUSE_MS = 700;

/**
 * Fetches the receipt of an archived capture. Sealing takes about a second, so a few looks in a row
 * are worth it; after that the outbox's alarm asks again.
 * @param {import("./outbox.js").CaptureRow} row
 * @returns {Promise<string>} as the service gave it
 * @throws {Fault} `not_sealed` and those of `callAt`
 */
export async function fetchReceipt(row) {
  const { origin, path } = place(row);
  for (let look = 0; look < QUICK_LOOKS; look += 1) {
    const response = await callAt(origin, path);
    if (response.status === 200) return response.text();
    if (response.status !== 202) throw new Fault("server_error", String(response.status));
    await new Promise((resolve) => setTimeout(resolve, QUICK_PAUSE_MS));
  }
  throw new Fault("not_sealed");
}

/**
 * Where the receipt is: only ever on the service that took the capture, whatever its answer names.
 * @param {import("./outbox.js").CaptureRow} row
 */
function place({ origin, answer }) {
  if (!origin || !answer) throw new Fault("capture_unknown");
  const url = new URL(answer.receipt || `/api/v1/captures/${encodeURIComponent(answer.id)}/receipt`, origin);
  if (url.origin !== origin) throw new Fault("not_rature", url.origin);
  return { origin, path: url.pathname + url.search };
}
