/** Merkle tree hashing and inclusion proofs (RFC 6962, 2.1; RFC 9162, 2.1.3.2). */
import { digest, joined, same } from "./bytes.js";
import { ProofInvalid } from "./fault.js";

export const HASH_BYTES = 32;
const SUBJECT = "inclusion proof";

/** @param {Uint8Array} entry */
export function leafHash(entry) {
  return digest(joined([Uint8Array.of(0), entry]));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
function nodeHash(left, right) {
  return digest(joined([Uint8Array.of(1), left, right]));
}

/**
 * Checks that the leaf hash stands at `index` in the tree of `size` leaves with this root.
 *
 * @param {bigint} index
 * @param {bigint} size
 * @param {Uint8Array} leaf
 * @param {Uint8Array} root
 * @param {readonly Uint8Array[]} path
 * @throws {ProofInvalid} it does not, or the proof is malformed
 */
export async function verifyInclusion(index, size, leaf, root, path) {
  if (index >= size) {
    throw new ProofInvalid(SUBJECT, "index {index} is not in a tree of {size} leaves", { index, size });
  }
  let [position, last, computed] = [index, size - 1n, leaf];
  for (const sibling of path) {
    if (last === 0n) throw new ProofInvalid(SUBJECT, "it has more hashes than the tree has levels");
    if (position & 1n || position === last) {
      computed = await nodeHash(sibling, computed);
      while (!(position & 1n) && position) [position, last] = [position >> 1n, last >> 1n];
    } else {
      computed = await nodeHash(computed, sibling);
    }
    [position, last] = [position >> 1n, last >> 1n];
  }
  if (last !== 0n) throw new ProofInvalid(SUBJECT, "it has too few hashes");
  if (!same(computed, root)) throw new ProofInvalid(SUBJECT, "it leads to another root");
}
