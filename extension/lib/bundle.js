import { Fault } from "./fault.js";
import { callAt } from "./services.js";

const TIMEOUT_MS = 300_000;

/**
 * The file that a stranger can verify, as the service makes it.
 * @param {string} origin @param {string} capture its id there
 * @returns {Promise<Blob>}
 * @throws {Fault} `bundle_missing` with the service's reason, and those of `callAt`
 */
export async function fetchBundle(origin, capture) {
  const path = `/api/v1/captures/${encodeURIComponent(capture)}/bundle`;
  const response = await callAt(origin, path, { timeout: TIMEOUT_MS, headers: { accept: "*/*" } });
  if (!response.ok) throw new Fault("bundle_missing", String(response.status));
  return response.blob();
}
