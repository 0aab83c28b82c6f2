/** Lists in `sha256sum` format: sorted by path, lower-case hex, two spaces, no path twice. */
import { ProofInvalid } from "./fault.js";

/** Relative, no empty part, none that starts with a dot: nothing to escape, nothing to climb. */
export const SAFE_PATH = /^(?!.*(?:^|\/)\.)[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const LINE = /^([0-9a-f]{64}) {2}([^\n]+)$/;

/**
 * SHA-256 in hex by path.
 *
 * @param {Uint8Array} data
 * @param {string} subject
 * @returns {Map<string, string>}
 * @throws {ProofInvalid} it is empty, or not in the one form
 */
export function parseList(data, subject) {
  /** @type {Map<string, string>} */
  const digests = new Map();
  const lines = new TextDecoder("latin1").decode(data).split("\n");
  const last = lines.pop();
  let before = "";
  for (const line of lines) {
    const match = LINE.exec(line);
    if (!match || !SAFE_PATH.test(match[2])) throw new ProofInvalid(subject, "not in sha256sum format");
    if (match[2] <= before) throw new ProofInvalid(subject, "empty, unsorted, or it lists a path twice");
    before = match[2];
    digests.set(match[2], match[1]);
  }
  if (last !== "") throw new ProofInvalid(subject, "not in sha256sum format");
  if (digests.size === 0) throw new ProofInvalid(subject, "empty, unsorted, or it lists a path twice");
  return digests;
}
