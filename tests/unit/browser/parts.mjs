/**
 * Asks single modules of the page. Reads a JSON list of {ask, ...}, bytes in base64; writes one answer
 * for each: true, or what a fault says.
 */
import { text } from "node:stream/consumers";
import { Certificate } from "../../../api/web/static/verify/certificate.js";
import { parseDer } from "../../../api/web/static/verify/der.js";
import { ProofInvalid } from "../../../api/web/static/verify/fault.js";
import { verifyInclusion } from "../../../api/web/static/verify/merkle.js";
import { signatureHolds } from "../../../api/web/static/verify/signature.js";
import { stampLeadsTo, verifyStamp } from "../../../api/web/static/verify/timestamp.js";

const bytes = (value) => new Uint8Array(Buffer.from(value, "base64"));
const certificates = (values) => values.map((value) => new Certificate(bytes(value)));

const PARTS = {
  async stamp({ response, data, roots, others }) {
    const verified = await verifyStamp(bytes(response), bytes(data));
    const leads = await stampLeadsTo(verified, certificates(roots), certificates(others));
    return leads || "it leads to no trusted root";
  },
  async signature({ key, algorithm, signature, data }) {
    return signatureHolds(parseDer(bytes(key)), parseDer(bytes(algorithm)), bytes(signature), bytes(data));
  },
  async inclusion({ index, size, leaf, root, path }) {
    await verifyInclusion(BigInt(index), BigInt(size), bytes(leaf), bytes(root), path.map(bytes));
    return true;
  },
};

const answers = [];
for (const { ask, ...rest } of JSON.parse(await text(process.stdin))) {
  try {
    answers.push(await PARTS[ask](rest));
  } catch (error) {
    if (!(error instanceof ProofInvalid)) throw error;
    answers.push(error.message);
  }
}
process.stdout.write(JSON.stringify(answers));
