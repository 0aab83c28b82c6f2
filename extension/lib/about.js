import { Fault } from "./fault.js";
import { call, json } from "./service.js";
import { read, write } from "./settings.js";

const OLDEST_API = 1;
const CLOCK_TOLERANCE_MS = 120_000;
const CLOCK_IS_FRESH_MS = 3_600_000;

/**
 * Asks a service what it is.
 * @param {string} origin
 * @param {number} [timeout] milliseconds
 * @returns {Promise<import("./settings.js").ClockReading>}
 * @throws {Fault} `unreachable`, `permission_missing`, `not_rature`, `too_old`
 */
export async function about(origin, timeout = 15_000) {
  const before = Date.now();
  const response = await call(origin, "/api/v1/about", { timeout });
  const after = Date.now();
  const answer = response.ok ? await json(response) : null;
  const time = Date.parse(answer?.time);
  if (answer?.product !== "rature" || Number.isNaN(time)) throw new Fault("not_rature", origin);
  if (!(answer.api >= OLDEST_API)) throw new Fault("too_old", String(answer.version ?? ""));
  return { offset_ms: Math.round((before + after) / 2 - time), measured_at: after };
}

/**
 * @param {import("./settings.js").ClockReading} clock
 * @throws {Fault} `clock_wrong` with the difference in whole minutes
 */
export function requireClock(clock) {
  if (Math.abs(clock.offset_ms) > CLOCK_TOLERANCE_MS) {
    throw new Fault("clock_wrong", String(Math.round(Math.abs(clock.offset_ms) / 60_000)));
  }
}

/** Measures the clock against the paired service; without an answer the old reading stays. */
export async function measureClock() {
  const service = await read("service");
  if (!service) return;
  try {
    await write("clock", await about(service.origin, 3_000));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

/** @returns {Promise<number | null>} milliseconds, null when not known for the last hour */
export async function clockOffset() {
  /** @type {import("./settings.js").ClockReading | null} */
  const clock = await read("clock");
  const isFresh = clock && Math.abs(Date.now() - clock.measured_at) < CLOCK_IS_FRESH_MS;
  return isFresh ? clock.offset_ms : null;
}
