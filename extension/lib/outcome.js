import { retryAfter } from "./backoff.js";
import { Fault } from "./fault.js";
import { json } from "./service.js";

/** What a later attempt may heal: too early, too many, the server's own faults. */
const HEALS = new Set([401, 408, 425, 429]);
/** How a service of ours begins the type of a problem (RFC 9457). */
const TYPE = "urn:rature:problem:";
/** What a proxy between here and the service refuses, without a type. */
const BY_STATUS = new Map([[413, "too-large"], [429, "rate-limited"]]);

/**
 * @typedef {object} Problem why something was not accepted
 * @property {string} [kind] the reason by the service's own name for it, for instance "invalid-picture";
 *   `clock` for a moment in the future. Empty for one that is not told, missing in what an older version kept
 * @property {string} title
 * @property {string} detail the service's own words
 * @property {number} status 0 where nothing was sent
 *
 * @typedef {object} Outcome
 * @property {any} answer null for a refusal
 * @property {Problem | null} problem why no later attempt helps
 */

/**
 * Reads a service's answer to something that was sent.
 * @param {Response} response
 * @param {(answer: any) => boolean} fits whether it is what was asked for
 * @returns {Promise<Outcome>}
 * @throws {Fault} when a later attempt may succeed
 */
export async function outcomeOf(response, fits) {
  const answer = await json(response);
  if (response.ok && fits(answer)) return { answer, problem: null };
  const problem = problemOf(answer, response);
  if (response.ok || response.status >= 500 || HEALS.has(response.status)) throw passing(problem, response);
  return { answer: null, problem };
}

/** @param {any} answer @param {Response} response @returns {Problem} */
export function problemOf(answer, { status }) {
  const type = String(answer?.type ?? "");
  const kind = type.startsWith(TYPE) ? type.slice(TYPE.length) : (BY_STATUS.get(status) ?? "");
  const isClock = kind === "invalid-input" && answer.errors?.some?.((/** @type {any} */ each) => each?.field === "at");
  return { kind: isClock ? "clock" : kind, title: String(answer?.title ?? ""), detail: String(answer?.detail ?? ""), status };
}

/**
 * A refusal as a fault; its code is that of the text for it.
 * @param {Problem} problem
 * @param {string} code where the reason is not told
 */
export function refusal({ kind, title, detail, status }, code) {
  const said = detail || title || String(status);
  return kind ? new Fault(`refused_${kind.replaceAll("-", "_")}`, said) : new Fault(code, said);
}

/** @param {Problem} problem @param {Response} response */
function passing({ title, detail, status }, response) {
  const code = status === 401 ? "token_refused" : status === 429 ? "rate_limited" : "server_error";
  const wait = retryAfter(response.headers.get("retry-after"), Date.now());
  return new Fault(code, String(status), wait, detail || title);
}
