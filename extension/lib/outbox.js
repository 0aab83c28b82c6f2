import { all, get, transact } from "./db.js";
import { forgetActionsOf } from "./actions.js";
import { Fault } from "./fault.js";

/**
 * The captures and what became of them.
 *
 * @typedef {"held" | "waiting" | "failed" | "archived" | "sealed"} CaptureState
 *   held: nothing is sent before the person has said what to hide. waiting: kept here, not sent yet. failed: the service refused it. archived: the service has
 *   acknowledged it. sealed: and its receipt is kept here.
 *
 * @typedef {object} Answer the service's answer to the upload
 * @property {string} id
 * @property {string} manifest_sha256
 * @property {number} leaf_index
 * @property {string} grade
 * @property {string | null} watch_id
 * @property {string} receipt
 *
 * @typedef {object} CaptureRow
 * @property {number} [seq]
 * @property {string} id
 * @property {CaptureState} state
 * @property {string} created_at
 * @property {number} attempts of the step that comes next
 * @property {number} next_attempt_at milliseconds
 * @property {import("./outcome.js").Problem | null} problem
 * @property {string | null} origin of the service that answered
 * @property {Answer | null} answer
 * @property {string | null} receipt as the service gave it
 * @property {{text: string, author: string | null, url: string}} preview
 * @property {"COMPLETE" | "PARTIAL"} completeness
 * @property {string[]} missing
 * @property {boolean} [isMasked] its original is kept here
 * @property {string[]} [hides] the words that its masks cover in either picture, and the author's name if it was left out; kept here alone
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {string} media_type
 * @property {string} role
 * @property {Uint8Array<ArrayBuffer>} data
 * @property {string | null} [source_url]
 * @property {string | null} [description]
 *
 * @typedef {object} Held what masking needs of a capture that is held back
 * @property {import("./redaction.js").WordBox[]} words
 * @property {import("./redaction.js").WordBox[]} [wordsAround] of the page, in the picture of the window
 * @property {{x: number, y: number} | null} inContext where the post's picture begins in that of the window
 *
 * @typedef {object} Parcel what is uploaded; while it is held, what it will be made of
 * @property {string} id
 * @property {string} manifest
 * @property {string} signature JSON
 * @property {Part[]} parts
 * @property {import("./seal.js").SealFacts} [facts]
 * @property {Held} [held]
 */

/**
 * Keeps a finished capture. When this returns, it is on disk.
 * @param {Omit<CaptureRow, "seq">} row
 * @param {Parcel} parcel
 */
export async function keep(row, parcel) {
  await transact(["captures", "parts", "drafts", "frames"], "readwrite", (stores) => {
    stores.captures.add(row);
    stores.parts.put(parcel);
    stores.drafts.delete(row.id);
    stores.frames.delete(framesOf(row.id));
  });
}

/** @param {string} draft @returns {IDBKeyRange} its pictures */
export function framesOf(draft) {
  return IDBKeyRange.bound([draft, 0], [draft, Number.MAX_SAFE_INTEGER]);
}

/** @returns {Promise<CaptureRow[]>} in the order in which they were made */
export function captures() {
  return all("captures");
}

/** @param {string} id @returns {Promise<CaptureRow | undefined>} */
export function find(id) {
  return transact(["captures"], "readonly", (stores) => stores.captures.index("id").get(id));
}

/** @param {string} id @returns {Promise<Parcel | undefined>} */
export function parcel(id) {
  return get("parts", id);
}

/**
 * Writes a row back; once its receipt is there, the uploaded bytes go.
 * @param {CaptureRow} row
 */
export async function update(row) {
  await transact(["captures", "parts"], "readwrite", (stores) => {
    stores.captures.put(row);
    if (row.state === "sealed") stores.parts.delete(row.id);
  });
}

/** @param {string} id @throws {Fault} `capture_unknown` when it is not one that failed */
export async function retry(id) {
  const row = await failed(id);
  await update({ ...row, state: "waiting", attempts: 0, next_attempt_at: 0, problem: null });
}

/**
 * Gives up a capture that failed, and what was told about it.
 * @param {string} id @throws {Fault} `capture_unknown` when it is not one that failed
 */
export async function discard(id) {
  const row = await failed(id);
  await forgetActionsOf(id);
  await transact(["captures", "parts"], "readwrite", (stores) => {
    stores.captures.delete(/** @type {number} */ (row.seq));
    stores.parts.delete(id);
  });
}

/** @param {string} id */
async function failed(id) {
  const row = await find(id);
  if (row?.state !== "failed") throw new Fault("capture_unknown");
  return row;
}
