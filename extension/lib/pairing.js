import { about, requireClock } from "./about.js";
import { originOf } from "./address.js";
import { clientName } from "./environment.js";
import { describe, Fault } from "./fault.js";
import { publicKey, signingKey } from "./keys.js";
import { problemOf, refusal } from "./outcome.js";
import { call, json } from "./service.js";
import { addService, removeService, services } from "./services.js";
import { announce, forget, read, write } from "./settings.js";
import { forgetWatches } from "./watch_list.js";

/**
 * Pairing by the OAuth 2.0 device authorization grant (RFC 8628). The grant is kept in the database
 * and an alarm asks for its outcome, so that it goes on when the service worker is stopped.
 *
 * @typedef {import("./settings.js").Grant} Grant
 */

const ALARM = "pairing";
const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code";
/** RFC 8628, section 3.5: after `slow_down` the interval grows by five seconds. */
const SLOWER_S = 5;

/**
 * @param {string} address as typed
 * @returns {Promise<Grant>}
 * @throws {Fault} those of `originOf`, `about` and `requireClock`, and those of `refusal`
 */
export async function startPairing(address) {
  const origin = originOf(address);
  const clock = await about(origin);
  requireClock(clock);
  await write("clock", clock);
  const response = await call(origin, "/api/v1/device/authorize", {
    method: "POST",
    body: new URLSearchParams({ client_name: await clientName(), public_key: await publicKey(await signingKey()) }),
  });
  const answer = await json(response);
  if (!response.ok || !answer?.device_code || !answer?.user_code) {
    throw refusal(problemOf(answer, response), "grant_refused");
  }
  const grant = toGrant(origin, answer);
  await write("grant", grant);
  await wakeAt(grant.next_poll_at);
  return grant;
}

/** @param {string} origin @param {any} answer @returns {Grant} */
function toGrant(origin, answer) {
  const interval = Math.max(1, Number(answer.interval) || 5);
  return {
    origin,
    device_code: answer.device_code,
    user_code: answer.user_code,
    verification_uri: approvalPage(origin, answer),
    expires_at: Date.now() + (Number(answer.expires_in) || 600) * 1000,
    interval,
    next_poll_at: Date.now() + interval * 1000,
    fault: null,
  };
}

/**
 * The page to open: the one that the service names, if it is the service's own.
 * @param {string} origin @param {any} answer
 */
function approvalPage(origin, answer) {
  const named = String(answer.verification_uri_complete ?? "");
  if (URL.canParse(named, origin) && new URL(named, origin).origin === origin) return new URL(named, origin).href;
  return `${origin}/pair?code=${encodeURIComponent(answer.user_code)}`;
}

/**
 * Asks once whether the person has approved, if it is time to ask.
 * @returns {Promise<boolean>} whether the pairing succeeded just now
 */
export function pollPairing() {
  return navigator.locks.request("rature-pairing", async () => {
    /** @type {Grant | null} */
    const grant = await read("grant");
    if (!grant || grant.fault) return false;
    if (Date.now() < grant.next_poll_at) {
      await wakeAt(grant.next_poll_at);
      return false;
    }
    try {
      return await askToken(grant);
    } catch (error) {
      await endOrGoOn(grant, describe(error));
      return false;
    }
  });
}

/** @param {Grant} grant */
async function askToken(grant) {
  if (Date.now() >= grant.expires_at) throw new Fault("expired_token");
  const response = await call(grant.origin, "/api/v1/device/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: GRANT_TYPE, device_code: grant.device_code }),
  });
  const answer = await json(response);
  if (!response.ok || !answer?.access_token) throw new Fault(String(answer?.error ?? "grant_refused"), answer?.error_description);
  await addService({ origin: grant.origin, token: answer.access_token, paired_at: new Date().toISOString() });
  await forget("grant");
  await forget("trouble");
  await chrome.alarms.clear(ALARM);
  await announce();
  return true;
}

/**
 * @param {Grant} grant
 * @param {{code: string, detail: string}} fault
 */
async function endOrGoOn(grant, fault) {
  const isPatient = fault.code === "authorization_pending" || fault.code === "slow_down";
  // RFC 8628, section 3.5: a connection that failed is tried again, more slowly.
  const isLost = fault.code === "unreachable";
  if (!isPatient && !isLost) {
    await write("grant", { ...grant, fault });
    await chrome.alarms.clear(ALARM);
    return announce();
  }
  const interval = grant.interval + (fault.code === "authorization_pending" ? 0 : SLOWER_S);
  const next = Date.now() + interval * 1000;
  await write("grant", { ...grant, interval, next_poll_at: next });
  await wakeAt(next);
}

/** @param {number} when milliseconds */
async function wakeAt(when) {
  await chrome.alarms.create(ALARM, { when });
}

/** Forgets a grant that is not wanted any more. */
export async function cancelPairing() {
  await forget("grant");
  await chrome.alarms.clear(ALARM);
  await announce();
}

/**
 * Forgets a service: the named one, or the one that new captures go to. Captures, receipts and the key
 * stay.
 * @param {string} [origin]
 */
export async function removePairing(origin) {
  await cancelPairing();
  const [first, ...rest] = await services();
  await removeService(origin ?? first?.origin);
  for (const name of /** @type {const} */ (["clock", "trouble"])) await forget(name);
  if (rest.length === 0) await chrome.alarms.clear("watches");
  await forgetWatches((await services()).map((service) => service.origin));
  await announce();
}
