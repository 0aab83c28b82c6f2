const FIRST_MS = 2_000;
const LONGEST_MS = 900_000;

/**
 * @param {number} attempts made so far, at least 1
 * @returns {number} milliseconds to wait: doubling, at most a quarter of an hour
 */
export function backoff(attempts) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
}

/** After so many server errors on one thing to send, the next ones need not wait for it any longer. */
const PATIENCE = 5;

/**
 * When to try again what a fault kept from being sent.
 * @param {number} former attempts made before this one
 * @param {import("./fault.js").Fault} fault
 * @returns {{attempts: number, next_attempt_at: number, isOwn: boolean}} isOwn: the fault may be this one's alone
 */
export function later(former, { code, wait }) {
  const attempts = former + 1;
  const next_attempt_at = Date.now() + Math.max(wait, backoff(attempts));
  return { attempts, next_attempt_at, isOwn: code === "server_error" && attempts >= PATIENCE };
}

/**
 * @param {string | null} header Retry-After, in seconds or as a date
 * @param {number} now milliseconds
 * @returns {number} milliseconds to wait; 0 without a readable header
 */
export function retryAfter(header, now) {
  if (!header) return 0;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), LONGEST_MS) : 0;
}
