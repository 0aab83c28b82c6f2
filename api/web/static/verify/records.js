/** What the records of a bundle say, and whether they fit each other. */
import { fromUtf8, joined, utf8 } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { ProofInvalid } from "./fault.js";
import * as layout from "./layout.js";

/**
 * @typedef {object} Logged one record
 * @property {number} leaf
 * @property {string} kind
 * @property {string} subject
 * @property {Uint8Array} data
 * @property {Record<string, unknown>} content
 */

const SEEN = ["present", "moved", "edited", "collapsed"];
const LOOKS = [layout.LOOK, layout.NOTICE];

/**
 * The record of each entry, by its leaf.
 *
 * @param {import("./zip.js").ZipReader} reader
 * @param {readonly import("./entry.js").Entry[]} entries
 * @returns {Promise<Logged[]>}
 * @throws {ProofInvalid} one is not canonical JSON, or of another kind
 */
export async function readRecords(reader, entries) {
  const records = [];
  for (const { folder, kind, inclusion } of entries) {
    const path = folder + layout.contentFile(kind);
    const [subject, data] = [layout.shown(path), await reader.read(path)];
    const text = fromUtf8(data);
    const content = text === null ? null : parseCanonical(text);
    if (!content || content.kind !== kind || !content.salt) {
      throw new ProofInvalid(subject, "not a canonical record of kind {kind} with its salt", { kind });
    }
    records.push({ leaf: Number(inclusion.index), kind, subject, data, content });
  }
  return records;
}

/**
 * Records by their leaf.
 *
 * @param {readonly Logged[]} records
 */
function byLeaf(records) {
  return [...records].sort((one, other) => one.leaf - other.leaf);
}

/**
 * The leaves that erasures name. They are in no bundle.
 *
 * @param {readonly Logged[]} records
 * @returns {Set<number>}
 * @throws {ProofInvalid} an erasure names none, or one that is here
 */
export function erasedLeaves(records) {
  const here = new Set(records.map(({ leaf }) => leaf));
  /** @type {Set<number>} */
  const erased = new Set();
  for (const { kind, subject, content, leaf } of byLeaf(records)) {
    if (kind !== layout.ERASURE) continue;
    const leaves = sortedLeaves(content.leaves);
    if (!leaves || leaves.length === 0 || leaves[leaves.length - 1] >= leaf) {
      throw new ProofInvalid(subject, "the erasure does not say which records it erased");
    }
    for (const gone of leaves) {
      if (here.has(gone)) {
        throw new ProofInvalid(subject, "record {leaf} is here, though it was erased", { leaf: gone });
      }
      erased.add(gone);
    }
  }
  return erased;
}

/**
 * A sorted list of leaves without repetition; null for anything else.
 *
 * @param {unknown} value
 * @returns {number[] | null}
 */
export function sortedLeaves(value) {
  const fits = Array.isArray(value) && value.every((leaf, at) => isLeaf(leaf) && (at === 0 || value[at - 1] < leaf));
  return fits ? value : null;
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isLeaf(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Checks what records say of each other.
 *
 * @param {readonly Logged[]} records the main one first
 * @param {Set<number>} erased
 * @throws {ProofInvalid}
 */
export function checkRelations(records, erased) {
  const kinds = new Map(records.map(({ leaf, kind }) => [leaf, kind]));
  if (records[0].kind === layout.LOOK) checkMainLook(records);
  const sorted = byLeaf(records);
  for (const record of sorted) {
    if (record.kind === layout.VERDICT_KIND) checkBasis(record, kinds, erased);
  }
  for (const { kind, subject, content: { visit } } of sorted) {
    if (kind !== layout.LOOK || visit === undefined || visit === null) continue;
    if (!isLeaf(visit) || (kinds.get(visit) !== layout.VISIT && !erased.has(visit))) {
      throw new ProofInvalid(subject, "it was taken in visit {leaf}, which is not here", { leaf: String(visit) });
    }
  }
}

/**
 * A bundle without a capture is around the look that saw the post first.
 *
 * @param {readonly Logged[]} records
 */
function checkMainLook(records) {
  const [main] = records;
  const sorted = byLeaf(records);
  const captured = sorted.find(({ kind }) => kind === layout.CAPTURE);
  if (captured) {
    throw new ProofInvalid(main.subject, "a bundle with a capture ({leaf}) is around it", { leaf: captured.leaf });
  }
  const looks = sorted.filter(({ kind }) => kind === layout.LOOK);
  const first = looks.find(({ content }) => SEEN.includes(String(content.sighting))) ?? looks[0];
  if (first !== main) {
    throw new ProofInvalid(main.subject, "a bundle without a capture is around look {leaf}", { leaf: first.leaf });
  }
}

/**
 * Every record from which a verdict was drawn is here, or was erased.
 *
 * @param {Logged} verdict
 * @param {Map<number, string>} kinds
 * @param {Set<number>} erased
 */
function checkBasis({ subject, content }, kinds, erased) {
  if (!Array.isArray(content.basis)) {
    throw new ProofInvalid(subject, "the verdict does not say from which records it was drawn");
  }
  for (const leaf of content.basis) {
    if (!LOOKS.includes(kinds.get(leaf) ?? "") && !(isLeaf(leaf) && erased.has(leaf))) {
      throw new ProofInvalid(subject, "it was drawn from record {leaf}, which is not here", { leaf: String(leaf) });
    }
  }
}

/**
 * `observations.jsonl`: the observations and notices as they were logged, one a line.
 *
 * @param {readonly Logged[]} records
 */
export function observationLines(records) {
  return joined(looksOf(records).flatMap(({ data }) => [data, utf8("\n")]));
}

/** @param {readonly Logged[]} records */
export function looksOf(records) {
  return byLeaf(records).filter(({ kind }) => LOOKS.includes(kind));
}

/**
 * The verdict that was logged last.
 *
 * @param {readonly Logged[]} records
 */
export function lastVerdict(records) {
  return byLeaf(records).filter(({ kind }) => kind === layout.VERDICT_KIND).pop() ?? null;
}
