import { actions, finishAction, updateAction } from "./actions.js";
import { later } from "./backoff.js";
import { updateBadge } from "./badge.js";
import { Fault } from "./fault.js";
import { adoptLook } from "./looked.js";
import { find } from "./outbox.js";
import { outcomeOf } from "./outcome.js";
import { callAt } from "./services.js";
import { announce, forget, write } from "./settings.js";

/** @typedef {import("./actions.js").ActionRow} ActionRow */

/**
 * Sends what waits, in order. What is about a capture waits until that is archived; one service that
 * does not answer holds up its own only. The caller has the outbox's lock.
 * @param {{force: boolean}} options force: do not wait for the next attempt's time
 */
export async function sendActions({ force }) {
  /** @type {Set<string>} */
  const silent = new Set();
  for (const row of await actions()) {
    if (row.state !== "waiting") continue;
    const place = await placeOf(row);
    if (!place || silent.has(place.origin)) continue;
    const isEarly = row.not_before > Date.now() || (!force && row.next_attempt_at > Date.now());
    if (isEarly || (await attempt(row, place)) === "stop") silent.add(place.origin);
  }
}

/** @returns {Promise<number[]>} when those that can be sent are due, milliseconds */
export async function dueTimes() {
  const times = [];
  for (const row of await actions()) {
    if (row.state === "waiting" && (await placeOf(row))) times.push(Math.max(row.not_before, row.next_attempt_at));
  }
  return times;
}

/**
 * Where a post is watched; null while its capture has not been archived.
 * @param {ActionRow} row @returns {Promise<{origin: string, watch: string} | null>}
 */
async function placeOf({ subject: { watch, origin, capture } }) {
  if (watch && origin) return { watch, origin };
  const kept = capture ? await find(capture) : undefined;
  return kept?.origin && kept.answer?.watch_id ? { watch: kept.answer.watch_id, origin: kept.origin } : null;
}

/**
 * @param {ActionRow} row
 * @param {{origin: string, watch: string}} place
 * @returns {Promise<"next" | "stop">}
 */
async function attempt(row, place) {
  try {
    const { problem } = await send(row, place);
    if (problem) await updateAction({ ...row, state: "failed", problem });
    else await finishAction(row);
    if (row.subject.capture) await adoptLook(row.subject.capture, place.watch);
    await forget("trouble");
    return "next";
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await write("trouble", { code: error.code, detail: error.detail, said: error.said, origin: place.origin });
    return await postpone(row, error);
  } finally {
    await updateBadge();
    await announce();
  }
}

/** @param {ActionRow} row @param {{origin: string, watch: string}} place */
async function send({ id, kind, body }, { origin, watch }) {
  const about = `/api/v1/watches/${encodeURIComponent(watch)}`;
  if (kind === "look_now") {
    return outcomeOf(await callAt(origin, `${about}/checks`, { method: "POST" }), (answer) => Boolean(answer?.watch));
  }
  const isLook = kind === "observation";
  const response = await callAt(origin, isLook ? "/api/v1/observations" : `${about}/notices`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": id },
    body: JSON.stringify(isLook ? { ...body, watch_id: watch } : body),
  });
  return outcomeOf(response, (answer) => Boolean(isLook ? answer?.observation?.id : answer?.id));
}

/** @param {ActionRow} row @param {Fault} fault @returns {Promise<"next" | "stop">} */
async function postpone(row, fault) {
  const { isOwn, ...next } = later(row.attempts, fault);
  await updateAction({ ...row, ...next });
  return isOwn ? "next" : "stop";
}
