/**
 * Checks one bundle beside the page, so that the page stays responsive. It is given the file and what
 * the visitor brought, and answers with messages; it ends with one of all kinds but `progress`.
 *
 * @typedef {object} Asked
 * @property {Blob} file
 * @property {import("./trust.js").Own} own
 *
 * @typedef {import("./fault.js").Values} Values
 * @typedef {{ kind: "progress", part: "files" | "proofs", done: number, all: number }
 *   | { kind: "checked", report: import("./report.js").Report, contents: import("./gather.js").Contents | null }
 *   | { kind: "notABundle", text: string, values: Values }
 *   | { kind: "badOwn", subject: string, text: string, values: Values }
 *   | { kind: "broken", message: string }} Answer
 */
import { NotABundle, ProofInvalid } from "./fault.js";
import { contentsOf } from "./gather.js";
import { readOwn } from "./trust.js";
import { inspectBundle } from "./verification.js";

const PAUSE = 100;

self.addEventListener("message", (event) => {
  answer(event.data).catch((error) => say({ kind: "broken", message: String(error) }));
});

/** @param {Asked} asked */
async function answer({ file, own }) {
  try {
    await readOwn(own);
  } catch (error) {
    if (!(error instanceof ProofInvalid)) throw error;
    const { subject, text, values } = error;
    return say({ kind: "badOwn", subject, text, values });
  }
  try {
    const result = await inspectBundle(file, own, progress());
    const contents = result.report.valid ? await contentsOf(result) : null;
    return say({ kind: "checked", report: result.report, contents });
  } catch (error) {
    if (!(error instanceof NotABundle)) throw error;
    return say({ kind: "notABundle", text: error.text, values: error.values });
  }
}

/**
 * Tells now and then how far it is.
 *
 * @returns {import("./verification.js").Progress}
 */
function progress() {
  let last = 0;
  return (part, done, all) => {
    const now = performance.now();
    if (now - last < PAUSE && done < all) return;
    last = now;
    say({ kind: "progress", part, done, all });
  };
}

/** @param {Answer} message */
function say(message) {
  self.postMessage(message);
}
