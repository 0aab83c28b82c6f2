/** Receipts: C2SP tlog-proof v1, an inclusion proof with the checkpoint that it leads to. */
import { fromBase64 } from "./bytes.js";
import { DECIMAL, parseCheckpoint, verifyCheckpoint, verifyCosignatures } from "./checkpoint.js";
import { ProofInvalid } from "./fault.js";
import { HASH_BYTES, verifyInclusion } from "./merkle.js";

/**
 * @typedef {object} Inclusion
 * @property {bigint} index
 * @property {import("./checkpoint.js").Checkpoint} checkpoint
 * @property {import("./checkpoint.js").Cosigned[]} cosigned
 */

const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_HASHES = 64;
const SUBJECT = "tlog-proof";

/**
 * Reads a receipt and checks that the leaf is in the tree that the log signed.
 *
 * @param {string} text
 * @param {Uint8Array} leaf
 * @param {import("./trust.js").Trust} trust
 * @returns {Promise<Inclusion>}
 * @throws {ProofInvalid} it is malformed, or it does not hold
 */
export async function verifyReceipt(text, leaf, trust) {
  const { index, path, checkpoint } = parseReceipt(text);
  await verifyCheckpoint(checkpoint, trust.logKeys);
  const cosigned = await verifyCosignatures(checkpoint, trust.witnesses);
  await verifyInclusion(index, checkpoint.size, leaf, checkpoint.root, path);
  return { index, checkpoint, cosigned };
}

/** @param {string} text */
function parseReceipt(text) {
  const blank = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(blank, 0)).split("\n");
  if (blank < 0 || lines[0] !== HEADER) throw new ProofInvalid(SUBJECT, "not a c2sp.org/tlog-proof@v1");
  const rest = lines.slice(lines[1]?.startsWith("extra ") ? 2 : 1);
  const number = /^index (.*)$/.exec(rest[0] ?? "")?.[1] ?? "";
  if (!DECIMAL.test(number) || rest.length > MAX_HASHES + 1) {
    throw new ProofInvalid(SUBJECT, "it has no leaf index, or too many hashes");
  }
  const path = rest.slice(1).map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw new ProofInvalid(SUBJECT, "a hash is not 32 bytes in base64");
    return hash;
  });
  return { index: BigInt(number), path, checkpoint: parseCheckpoint(text.slice(blank + 2)) };
}
