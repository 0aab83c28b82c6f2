const FIRST_MS = 2_000;
const LONGEST_MS = 900_000;

/**
 * @param {number} attempts made so far, at least 1
 * @returns {number} milliseconds to wait: doubling, at most a quarter of an hour
 */
export function backoff(attempts) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
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
