import { awake } from "./awake.js";
import { later } from "./backoff.js";
import { updateBadge } from "./badge.js";
import { dueTimes, sendActions } from "./courier.js";
import { Fault } from "./fault.js";
import { captures, parcel, update } from "./outbox.js";
import { outcomeOf } from "./outcome.js";
import { fetchReceipt } from "./receipt.js";
import { callPaired } from "./service.js";
import { announce, forget, write } from "./settings.js";

const ALARM = "outbox";
const UPLOAD_TIMEOUT_MS = 120_000;
/** When to begin anew if the browser stops the background in the middle of a run. */
const STOPPED_AFTER_MS = 30_000;

/** @typedef {import("./outbox.js").CaptureRow} CaptureRow */

/** Sets the alarm before there is anything to lose; a run that ends sets it anew or clears it. */
export async function wakeLater() {
  await chrome.alarms.create(ALARM, { when: Date.now() + STOPPED_AFTER_MS });
}

/**
 * Sends what waits, oldest first, one run at a time, and fetches the receipts of what was answered.
 * A lost answer does no harm: the same `Idempotency-Key` gives the same capture.
 * @param {{force?: boolean}} [options] force: do not wait for the next attempt's time
 */
export async function drain({ force = false } = {}) {
  await navigator.locks.request("rature-outbox", async () => {
    await wakeLater();
    for (const row of await captures()) {
      if (row.state !== "waiting") continue;
      if (!force && row.next_attempt_at > Date.now()) break;
      const outcome = await attempt(row);
      if (outcome === "stop") break;
    }
    await sendActions({ force });
    for (const row of await captures()) {
      if (row.state === "archived" && (force || row.next_attempt_at <= Date.now())) await seal(row);
    }
    await schedule();
  });
}

/** @param {CaptureRow} row @returns {Promise<"next" | "stop">} */
async function attempt(row) {
  const parts = await parcel(row.id);
  try {
    if (parts) await settle(row, await awake(() => upload(parts)));
    else await refuse(row, { title: "", detail: "", status: 0 });
    return "next";
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await write("trouble", { code: error.code, detail: error.detail, said: error.said });
    return await postpone(row, error);
  } finally {
    await updateBadge();
    await announce();
  }
}

/** @param {import("./outbox.js").Parcel} parts @returns {Promise<Response>} */
async function upload({ id, manifest, signature, parts }) {
  const form = new FormData();
  form.append("manifest", manifest);
  form.append("signature", signature);
  for (const part of parts) {
    form.append(part.role, new Blob([part.data], { type: part.media_type }), part.name);
  }
  return callPaired("/api/v1/captures", {
    method: "POST",
    body: form,
    headers: { "idempotency-key": id },
    timeout: UPLOAD_TIMEOUT_MS,
  });
}

/**
 * @param {CaptureRow} row
 * @param {Response} response
 * @throws {Fault} when a later attempt may succeed
 */
async function settle(row, response) {
  const { answer, problem } = await outcomeOf(response, (given) => typeof given?.id === "string");
  if (problem) return refuse(row, problem);
  const { origin } = new URL(response.url);
  await update({ ...row, state: "archived", origin, answer, attempts: 0, next_attempt_at: 0, problem: null });
  await forget("trouble");
}

/**
 * What no later attempt heals: it stays here, with the reason, until the person decides.
 * @param {CaptureRow} row
 * @param {NonNullable<CaptureRow["problem"]>} problem
 */
async function refuse(row, problem) {
  await update({ ...row, state: "failed", problem });
}

/**
 * @param {CaptureRow} row
 * @param {Fault} fault
 * @returns {Promise<"next" | "stop">} next: the fault may be this capture's alone
 */
async function postpone(row, fault) {
  const { isOwn, ...next } = later(row.attempts, fault);
  await update({ ...row, ...next });
  return isOwn ? "next" : "stop";
}

/** @param {CaptureRow} row */
async function seal(row) {
  try {
    const receipt = await fetchReceipt(row);
    await update({ ...row, state: "sealed", receipt, attempts: 0, next_attempt_at: 0 });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await postpone(row, error);
  }
  await announce();
}

/** Sets the alarm for the earliest next attempt; alarms outlive the service worker. */
async function schedule() {
  const times = (await captures())
    .filter((row) => row.state === "waiting" || row.state === "archived")
    .map((row) => row.next_attempt_at)
    .concat(await dueTimes());
  if (times.length === 0) await chrome.alarms.clear(ALARM);
  else await chrome.alarms.create(ALARM, { when: Math.max(Date.now() + 1_000, Math.min(...times)) });
}
