const PULSE_MS = 5_000;

/**
 * Keeps the background from being stopped while something slow goes on. Browsers count calls of
 * their own interfaces as work, but not a request that waits for its answer: an upload over a slow
 * line would be cut after half a minute, and again at each attempt.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what it gives
 */
export async function awake(work) {
  const pulse = setInterval(() => void chrome.runtime.getPlatformInfo(), PULSE_MS);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
  }
}
