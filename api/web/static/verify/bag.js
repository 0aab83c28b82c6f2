/**
 * The BagIt envelope (RFC 8493): which files there are, and that each arrived whole. Whoever alters
 * a file can alter these lists too; the proofs are those of the statements inside.
 */
import { sha256, utf8, same } from "./bytes.js";
import { ProofInvalid } from "./fault.js";
import { DATA } from "./layout.js";
import { parseList } from "./lists.js";

export const BAGIT = "bagit.txt";
export const MANIFEST = "manifest-sha256.txt";
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const TAG_FILES = ["bag-info.txt", BAGIT, MANIFEST];
const MOST_FILES = 64;
const MOST_BYTES = 2 ** 24;
const DECLARATION = utf8("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");

/**
 * @param {import("./zip.js").ZipReader} reader
 * @param {(done: number, all: number) => void} progress
 * @returns {Promise<Map<string, string>>} the SHA-256 (hex) of every payload file by its path
 * @throws {ProofInvalid} names the first file that is missing, extra or altered
 */
export async function checkBag(reader, progress) {
  if (!same(await reader.read(BAGIT), DECLARATION)) {
    throw new ProofInvalid(BAGIT, "not the declaration of a BagIt 1.0 bag");
  }
  const tags = parseList(await reader.read(TAG_MANIFEST), TAG_MANIFEST);
  if ([...tags.keys()].join() !== TAG_FILES.join()) {
    throw new ProofInvalid(TAG_MANIFEST, "it lists other files than the bag's own");
  }
  await checkDigests(reader, tags, () => undefined);
  const payload = parseList(await reader.read(MANIFEST), MANIFEST);
  for (const name of reader.names) {
    if (!payload.has(name) && !tags.has(name) && name !== TAG_MANIFEST) {
      throw new ProofInvalid(name, "the bag's manifest does not list it");
    }
  }
  for (const name of payload.keys()) {
    if (!name.startsWith(DATA) || !reader.has(name)) {
      throw new ProofInvalid(name, "listed in the bag's manifest, but missing");
    }
  }
  await checkDigests(reader, payload, progress);
  return payload;
}

/**
 * @param {import("./zip.js").ZipReader} reader
 * @param {Map<string, string>} digests
 * @param {(done: number, all: number) => void} progress
 */
async function checkDigests(reader, digests, progress) {
  let done = 0;
  for (const some of batches(reader, [...digests])) {
    const found = await Promise.all(some.map(async ([name]) => sha256(await reader.read(name))));
    const odd = some.find(([, digest], at) => found[at] !== digest);
    if (odd) throw new ProofInvalid(odd[0], "its hash is not the one in the bag's manifest");
    done += some.length;
    progress(done, digests.size);
  }
}

/**
 * Many small files at once, or a few large ones.
 *
 * @param {import("./zip.js").ZipReader} reader
 * @param {readonly [string, string][]} wanted
 */
function* batches(reader, wanted) {
  /** @type {[string, string][]} */
  let some = [];
  let bytes = 0;
  for (const one of wanted) {
    some.push(one);
    bytes += reader.sizeOf(one[0]);
    if (some.length < MOST_FILES && bytes < MOST_BYTES) continue;
    yield some;
    [some, bytes] = [[], 0];
  }
  if (some.length > 0) yield some;
}
