/** Checks a bundle from beginning to end, in the order of docs/bundle.md. Nothing leaves the browser. */
import { BAGIT, checkBag, MANIFEST } from "./bag.js";
import { same } from "./bytes.js";
import { checkEntry } from "./entry.js";
import { checkFiles, checkNames, checkOlder, lastExport } from "./exported.js";
import { NotABundle, ProofInvalid } from "./fault.js";
import * as layout from "./layout.js";
import { parseList } from "./lists.js";
import { checkRelations, erasedLeaves, lastVerdict, observationLines, readRecords } from "./records.js";
import { Report } from "./report.js";
import { summarize } from "./summary.js";
import { gatherTrust, readOwn } from "./trust.js";
import { openZip } from "./zip.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./entry.js").Context} Context
 * @typedef {import("./records.js").Logged} Logged
 * @typedef {import("./trust.js").Own} Own
 * @typedef {(part: "files" | "proofs", done: number, all: number) => void} Progress
 *
 * @typedef {object} Result
 * @property {Report} report
 * @property {import("./zip.js").ZipReader | null} reader of a bundle that verified
 * @property {Logged[]} records the main one first
 */

/** @type {Own} */
export const NOTHING_OWN = { roots: null, logKeys: null, witnessKeys: null };

/**
 * Checks every file, proof and time stamp of a bundle; a failure is told in the report.
 *
 * @param {Blob} file
 * @param {Own} [own] what the visitor obtained elsewhere
 * @param {Progress} [progress]
 * @returns {Promise<Result>}
 * @throws {NotABundle} not a ZIP file, or not one of ours
 */
export async function inspectBundle(file, own = NOTHING_OWN, progress = () => undefined) {
  const report = new Report();
  try {
    const trusted = await readOwn(own);
    const reader = await openZip(file);
    if (!reader.has(BAGIT) || !reader.has(layout.DATA + layout.STATEMENT)) {
      throw new NotABundle("a ZIP file, but not a bundle of Rature");
    }
    const records = await verify(reader, trusted, report, progress);
    return { report, reader, records };
  } catch (error) {
    if (!(error instanceof ProofInvalid)) throw error;
    report.fail(error);
    return { report, reader: null, records: [] };
  }
}

/**
 * @param {import("./zip.js").ZipReader} reader
 * @param {Awaited<ReturnType<typeof readOwn>>} own
 * @param {Report} report
 * @param {Progress} progress
 */
async function verify(reader, own, report, progress) {
  const digests = await checkBag(reader, (done, all) => progress("files", done, all));
  report.held(MANIFEST, "{count} files arrived whole", { count: reader.names.length });
  const trust = await gatherTrust(reader, own);
  const context = { reader, digests, trust, report };
  const entries = await checkEntries(context, progress);
  const records = await readRecords(reader, entries);
  const erased = erasedLeaves(records);
  checkRelations(records, erased);
  report.erased = [...erased].sort((one, other) => one - other);
  const exported = await checkExport(context, entries, records, erased);
  await checkTop(context, records);
  checkNothingElse(context, entries, exported);
  checkOneTree(entries);
  summarize(report, trust, entries);
  return records;
}

/**
 * The main statement, then the records' by leaf.
 *
 * @param {Context} context
 * @param {Progress} progress
 */
async function checkEntries(context, progress) {
  const { reader, report } = context;
  const listed = parseList(await reader.read(layout.DATA + layout.STATEMENT), layout.STATEMENT);
  report.kind = listed.has(layout.RECORD) ? layout.LOOK : layout.CAPTURE;
  const folders = recordFolders(reader.names);
  const entries = [await checkEntry(context, layout.DATA, report.kind)];
  progress("proofs", 1, folders.length + 1);
  for (const { folder, leaf, kind } of folders) {
    const entry = await checkEntry(context, folder, kind);
    if (leaf !== entry.inclusion.index) {
      throw new ProofInvalid(layout.shown(folder), "its leaf index is {leaf}", { leaf: entry.inclusion.index });
    }
    entries.push(entry);
    progress("proofs", entries.length, folders.length + 1);
  }
  if (new Set(entries.map(({ inclusion }) => inclusion.index)).size !== entries.length) {
    throw new ProofInvalid(layout.RECORDS, "two statements claim the same place in the log");
  }
  return entries;
}

/**
 * Folders that hold a record, by leaf.
 *
 * @param {readonly string[]} names
 */
function recordFolders(names) {
  const start = layout.DATA + layout.RECORDS;
  const folders = new Set(
    names.filter((name) => name.startsWith(start)).map((name) => `${start}${name.slice(start.length).split("/")[0]}/`),
  );
  return [...folders]
    .map((folder) => {
      const match = layout.RECORD_FOLDER.exec(layout.shown(folder));
      if (!match) throw new ProofInvalid(layout.shown(folder), "not a record's folder");
      return { folder, leaf: BigInt(match[1]), kind: match[2] };
    })
    .sort((one, other) => (one.leaf < other.leaf ? -1 : 1));
}

/**
 * @param {Context} context
 * @param {readonly Entry[]} entries
 * @param {readonly Logged[]} records
 * @param {Set<number>} erased
 * @returns {Promise<Set<string>>} paths that the export accounts for
 */
async function checkExport(context, entries, records, erased) {
  context.report.masks = masksOf(entries);
  const last = lastExport(records);
  if (!last) {
    checkOlder(records);
    return new Set();
  }
  checkNames(last, records, erased);
  context.report.held(last.subject, "it names every record that is here");
  const made = await checkFiles(context, last, entries);
  context.report.export = {
    leaf_index: last.leaf,
    at: String(last.content.at),
    lang: String(last.content.lang),
    masked: last.content.masked === true,
    files: [...made].map(layout.shown).sort(),
  };
  return made;
}

/**
 * How much of each picture with tiles is shown.
 *
 * @param {readonly Entry[]} entries
 */
function masksOf(entries) {
  const pictures = entries.flatMap((entry) => [...entry.pictures]).filter(([, { present }]) => present.length > 0);
  return pictures.map(([picture, { listed, present }]) => {
    return { picture, visible: present.length, hidden: listed.size - present.length };
  });
}

/**
 * Observations and verdict at the top are those of the records.
 *
 * @param {Context} context
 * @param {readonly Logged[]} records
 */
async function checkTop({ reader, report }, records) {
  if (!same(await reader.read(layout.DATA + layout.OBSERVATIONS), observationLines(records))) {
    throw new ProofInvalid(layout.OBSERVATIONS, "not the observations that were logged");
  }
  report.held(layout.OBSERVATIONS, "it is what was logged");
  const verdict = lastVerdict(records);
  const path = layout.DATA + layout.VERDICT;
  if (!verdict) {
    if (reader.has(path)) throw new ProofInvalid(layout.VERDICT, "a verdict that was never logged");
    return;
  }
  if (!same(await reader.read(path), verdict.data)) {
    throw new ProofInvalid(layout.VERDICT, "not the verdict that was logged last");
  }
  report.held(layout.VERDICT, "it is what was logged last");
}

/**
 * @param {Context} context
 * @param {readonly Entry[]} entries
 * @param {Set<string>} exported
 */
function checkNothingElse({ digests }, entries, exported) {
  const covered = new Set(layout.ENVELOPE.map((name) => layout.DATA + name));
  for (const part of [exported, ...entries.map((entry) => entry.covered)]) {
    for (const path of part) covered.add(path);
  }
  for (const name of digests.keys()) {
    if (!covered.has(name)) throw new ProofInvalid(layout.shown(name), "no statement covers this file");
  }
}

/**
 * Two checkpoints of one size have one root.
 *
 * @param {readonly Entry[]} entries
 */
function checkOneTree(entries) {
  /** @type {Map<bigint, Uint8Array>} */
  const roots = new Map();
  for (const { inclusion: { checkpoint: { size, root } } } of entries) {
    const before = roots.get(size) ?? root;
    if (!same(before, root)) throw new ProofInvalid(layout.PROOF, "the log signed two trees of {size} leaves", { size });
    roots.set(size, root);
  }
}
