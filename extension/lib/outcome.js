import { retryAfter } from "./backoff.js";
import { Fault } from "./fault.js";
import { json } from "./service.js";

/** What a later attempt may heal: too early, too many, the server's own faults. */
const HEALS = new Set([401, 408, 425, 429]);

/**
 * @typedef {object} Outcome
 * @property {any} answer null for a refusal
 * @property {{title: string, detail: string, status: number} | null} problem why no later attempt helps
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
  if (response.ok || response.status >= 500 || HEALS.has(response.status)) {
    const code = response.status === 401 ? "token_refused" : "server_error";
    throw new Fault(code, words(answer, response), retryAfter(response.headers.get("retry-after"), Date.now()));
  }
  return { answer: null, problem: { title: answer?.title ?? "", detail: answer?.detail ?? "", status: response.status } };
}

/** @param {any} answer @param {Response} response */
function words(answer, response) {
  return [response.status, answer?.title, answer?.detail].filter(Boolean).join(" – ");
}
