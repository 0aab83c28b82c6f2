import { originOf } from "./look_plan.js";
import { captures } from "./outbox.js";
import { BLACK, blackOut, isNamedIn } from "./redaction.js";

/**
 * What was hidden of captures before they were sent must not leave later, by a look with the
 * person's own session: neither about that post, nor as the neighbour of another.
 *
 * @typedef {import("./watch_list.js").Watch} Watch
 */

/**
 * The watches that may be looked at. Left out are those of masked captures, also of another browser
 * (their words are in black), and every one of a site while a masked capture of it is on its way:
 * its answer, which names its watch, may be lost while the watch is listed already.
 * @param {Watch[]} watches
 * @returns {Promise<Watch[]>}
 */
export async function withoutMasked(watches) {
  const masked = (await captures()).filter(({ isMasked }) => isMasked);
  const known = new Set(masked.map(({ answer }) => answer?.watch_id));
  const onTheirWay = new Set(masked.filter(({ state }) => state === "waiting").map(({ preview }) => originOf(preview.url)));
  return watches.filter(({ id, page, text }) => !known.has(id) && !text.includes(BLACK) && !onTheirWay.has(originOf(page)));
}

/** @returns {Promise<string[]>} what was hidden so far; of captures older than this list, the author's name */
export async function hiddenSoFar() {
  const masked = (await captures()).filter(({ isMasked }) => isMasked);
  return [...new Set(masked.flatMap(({ hides, preview }) => hides ?? (preview.author ? [preview.author] : [])))];
}

/**
 * Whether what would be told of a neighbour names anything of it.
 * @param {{author: string | null, text: string, post_id: string | null, permalink: string | null, parent: string | null}} told
 * @param {string[]} phrases
 */
export function tells({ author, text, post_id, permalink, parent }, phrases) {
  const isSaid = [author ?? "", text].some((words) => blackOut(words, phrases) !== words);
  return isSaid || [post_id, permalink, parent].some((address) => isNamedIn(address, phrases));
}
