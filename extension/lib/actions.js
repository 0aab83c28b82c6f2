import { all, transact } from "./db.js";
import { Fault } from "./fault.js";

/**
 * What is to be told to a service besides captures: the person's own words, and looks with the
 * person's own session. Kept like captures, sent in order, each once.
 *
 * @typedef {"withdrawn" | "reasons_given" | "retracted" | "look_now" | "observation"} ActionKind
 *
 * @typedef {object} Subject the post that it is about: watched by a service, or captured and not yet
 *   archived
 * @property {string | null} watch
 * @property {string | null} origin of the service that watches it
 * @property {string | null} capture
 *
 * @typedef {object} ActionRow
 * @property {number} [seq]
 * @property {string} id also the `Idempotency-Key`
 * @property {ActionKind} kind
 * @property {Subject} subject
 * @property {"waiting" | "failed" | "done"} state
 * @property {string} created_at
 * @property {number} attempts
 * @property {number} not_before milliseconds; until then it can be taken back
 * @property {number} next_attempt_at milliseconds
 * @property {import("./outcome.js").Problem | null} problem
 * @property {any} body what is sent
 * @property {string} words the person's own, for the list
 * @property {string | null} [told_at] the moment by which the service knows it; missing in what an
 *   older version kept
 * @property {string | null} [retracts] the id of the action that it takes back
 */

const UNDO_MS = 10_000;
const MOST_DONE = 200;
/** What the person told; the rest is work of ours, which no badge and no list needs for long. */
const TOLD = new Set(["withdrawn", "reasons_given", "retracted"]);

/**
 * Keeps an action. When this returns, it is on disk.
 * @param {ActionKind} kind
 * @param {Subject} subject
 * @param {{body?: {at?: string}, words?: string, undoable?: boolean, retracts?: string | null}} [options]
 * @returns {Promise<string>} its id
 */
export async function keepAction(kind, subject, { body = {}, words = "", undoable = false, retracts = null } = {}) {
  const now = Date.now();
  /** @type {ActionRow} */
  const row = {
    id: crypto.randomUUID(),
    kind,
    subject,
    state: "waiting",
    created_at: new Date(now).toISOString(),
    attempts: 0,
    not_before: undoable ? now + UNDO_MS : 0,
    next_attempt_at: 0,
    problem: null,
    body,
    words,
    told_at: body.at ?? null,
    retracts,
  };
  await transact(["actions"], "readwrite", (stores) => stores.actions.add(row));
  return row.id;
}

/** @returns {Promise<ActionRow[]>} in the order in which they are sent */
export function actions() {
  return all("actions");
}

/** @param {ActionRow} row */
export async function updateAction(row) {
  await transact(["actions"], "readwrite", (stores) => stores.actions.put(row));
}

/**
 * What was told stays in the list without what was sent; the rest goes.
 * @param {ActionRow} row
 */
export async function finishAction(row) {
  if (!TOLD.has(row.kind)) return deleteAction(row);
  await updateAction({ ...row, state: "done", attempts: 0, next_attempt_at: 0, problem: null, body: {} });
  const done = (await actions()).filter(({ state }) => state === "done");
  for (const old of done.slice(0, Math.max(0, done.length - MOST_DONE))) await deleteAction(old);
}

/** @param {ActionRow} row */
async function deleteAction({ seq }) {
  await transact(["actions"], "readwrite", (stores) => stores.actions.delete(/** @type {number} */ (seq)));
}

/** @param {string} id @returns {Promise<ActionRow>} @throws {Fault} `action_gone` when it was sent already */
async function unsent(id) {
  const row = (await actions()).find((each) => each.id === id);
  if (!row || row.state === "done") throw new Fault("action_gone");
  return row;
}

/**
 * Takes an action back before it was sent, or gives up a refused one.
 * @param {string} id @throws {Fault} `action_gone`
 */
export async function takeBack(id) {
  // Not while it is on its way: what the service has cannot be taken back here.
  await navigator.locks.request("rature-outbox", async () => deleteAction(await unsent(id)));
}

/**
 * What a service was told, and what takes it back already.
 * @param {string} id @throws {Fault} `action_unknown` when nothing is known of it here
 */
export async function toldAction(id) {
  const rows = await actions();
  const row = rows.find((each) => each.id === id && each.state === "done");
  if (!row?.told_at) throw new Fault("action_unknown");
  return { row, told_at: row.told_at, retraction: retractionOf(row, rows) };
}

/** @param {ActionRow} row @param {ActionRow[]} rows */
export function retractionOf({ id }, rows) {
  return rows.find(({ retracts, state }) => retracts === id && state !== "failed");
}

/** @param {string} capture one that is given up */
export async function forgetActionsOf(capture) {
  for (const row of await actions()) if (row.subject.capture === capture) await deleteAction(row);
}

/** @param {string} id a refused one waits again @throws {Fault} `action_gone` */
export async function retryAction(id) {
  const row = await unsent(id);
  await updateAction({ ...row, state: "waiting", attempts: 0, next_attempt_at: 0, problem: null });
}

/** @param {ActionRow} row whether the person waits for it to be told */
export function isTold(row) {
  return TOLD.has(row.kind);
}
