/** The last export of a bundle: which records it names, and the files that were made for it. */
import { joined, sha256, utf8 } from "./bytes.js";
import { ProofInvalid, within } from "./fault.js";
import * as layout from "./layout.js";
import { compareMasked } from "./masked.js";
import { sortedLeaves } from "./records.js";

/**
 * @typedef {import("./entry.js").Context} Context
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./entry.js").Tiles} Tiles
 * @typedef {import("./records.js").Logged} Logged
 */

const FILE =
  /^(?:report\.pdf|c2pa\/[A-Za-z0-9_-][A-Za-z0-9._-]*|(?:records\/(?:0|[1-9][0-9]{0,17})-[a-z][a-z_]{0,39}\/)?(?!records\/)[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)?\/masked\.png)$/;
const MASKED = "/masked.png";

/**
 * @param {readonly Logged[]} records
 * @returns {Logged | null}
 */
export function lastExport(records) {
  const exports = records.filter(({ kind }) => kind === layout.EXPORT);
  return exports.sort((one, other) => one.leaf - other.leaf).pop() ?? null;
}

/**
 * Only a bundle of an older version has no export: nothing in it is of one that always makes it.
 *
 * @param {readonly Logged[]} records
 * @throws {ProofInvalid} the export was dropped
 */
export function checkOlder(records) {
  const newer = records.some(
    ({ kind, content }) =>
      kind === "visit" ||
      kind === "erasure" ||
      (kind === "observation" && content.visit !== undefined && content.visit !== null) ||
      (kind === "capture" && content.exports === true),
  );
  if (newer) throw new ProofInvalid(layout.RECORDS, "the export that closes such a bundle is not here");
}

/**
 * The export names every record that is here, and no other but erased ones.
 *
 * @param {Logged} last
 * @param {readonly Logged[]} records the main one first
 * @param {Set<number>} erased
 * @throws {ProofInvalid} one was dropped or slipped in
 */
export function checkNames({ subject, content, leaf }, [main, ...others], erased) {
  const named = sortedLeaves(content.records);
  if (content.main !== main.leaf || !named) {
    throw new ProofInvalid(subject, "it is the export of another bundle, or names no records");
  }
  const here = new Set(others.map((record) => record.leaf).filter((other) => other !== leaf));
  for (const record of others) {
    if (record.leaf !== leaf && !named.includes(record.leaf)) {
      throw new ProofInvalid(record.subject, "record {leaf} was not in the bundle: slipped in", { leaf: record.leaf });
    }
  }
  for (const other of named) {
    if (!here.has(other) && !erased.has(other)) {
      throw new ProofInvalid(subject, "record {leaf} was in the bundle and is not here", { leaf: other });
    }
  }
}

/**
 * Checks the files of the last export, and that no tile was left out or put in.
 *
 * @param {Context} context
 * @param {Logged} last
 * @param {readonly Entry[]} entries
 * @returns {Promise<Set<string>>} the paths in the ZIP that it accounts for
 * @throws {ProofInvalid} names the first file that fails
 */
export async function checkFiles(context, last, entries) {
  const own = entries.find(({ inclusion }) => Number(inclusion.index) === last.leaf);
  /** @type {string[]} */
  const made = [];
  for (const [path, expected] of own?.listed ?? []) {
    if (path === layout.RECORD) continue;
    if (!FILE.test(path)) throw new ProofInvalid(last.subject, "an export has no file {path}", { path });
    const actual = context.digests.get(layout.DATA + path);
    if (!actual) throw new ProofInvalid(path, "the file is missing");
    if (actual !== expected) throw new ProofInvalid(path, "its hash is not the one in the export's statement");
    made.push(path);
    context.report.held(path, "it was made for this bundle");
  }
  await checkPictures(context, last, new Map(entries.flatMap((entry) => [...entry.pictures])), made);
  return new Set(made.map((path) => layout.DATA + path));
}

/**
 * The export says of each masked picture, and of no other, which tiles are shown.
 *
 * @param {Context} context
 * @param {Logged} last
 * @param {Map<string, Tiles>} pictures
 * @param {readonly string[]} made files of the export
 */
async function checkPictures(context, { subject, content }, pictures, made) {
  const shown = content.tiles ?? {};
  const masked = made.filter((path) => path.endsWith(MASKED)).map((path) => path.slice(0, -MASKED.length));
  if (Object(shown) !== shown || Object.keys(shown).sort().join() !== masked.sort().join()) {
    throw new ProofInvalid(subject, "its tiles are not those of its masked pictures");
  }
  const digests = new Map(Object.entries(shown));
  for (const [folder, { present }] of pictures) {
    if (present.length > 0 && !digests.has(folder)) {
      throw new ProofInvalid(`${folder}/${layout.TILES}`, "tiles of a picture that is not masked");
    }
  }
  for (const [folder, expected] of digests) await checkPicture(context, folder, pictures.get(folder), expected);
}

/**
 * @param {Context} context
 * @param {string} folder of the picture, below `data/`
 * @param {Tiles | undefined} tiles
 * @param {unknown} expected SHA-256 of the lines of the tiles that are shown
 */
async function checkPicture(context, folder, tiles, expected) {
  const list = `${folder}/${layout.TILES}`;
  if (!tiles) throw new ProofInvalid(list, "the list of a masked picture's tiles is missing");
  const lines = tiles.present.map((name) => utf8(`${tiles.listed.get(name)}  ${name}\n`));
  if ((await sha256(joined(lines))) !== expected) {
    throw new ProofInvalid(list, "other tiles are there than the export shows");
  }
  const masked = folder + MASKED;
  await within(masked, () => compareMasked(context.reader, folder, tiles));
  context.report.held(masked, "put together again from its tiles, it is the same");
}
