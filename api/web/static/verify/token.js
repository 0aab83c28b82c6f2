/** RFC 3161 responses (CMS, RFC 5652): their parts, read and not yet believed. */
import { Certificate } from "./certificate.js";
import { BOOLEAN, broken, INTEGER, OCTET_STRING, parseDer, SEQUENCE, SET } from "./der.js";
import { ProofInvalid } from "./fault.js";
import { moment } from "./moments.js";

/**
 * @typedef {import("./der.js").Value} Value
 *
 * @typedef {object} Info what the authority says
 * @property {string} policy dotted decimal
 * @property {string} hash of the imprint, dotted decimal
 * @property {Uint8Array} imprint
 * @property {bigint} serial
 * @property {number} at milliseconds since 1970, whole seconds
 *
 * @typedef {object} Signer
 * @property {Value} issuer
 * @property {Uint8Array} serial DER
 * @property {string} digest dotted decimal
 * @property {Value} attributes the set as it stands
 * @property {Value} algorithm
 * @property {Uint8Array} signature
 *
 * @typedef {object} Token
 * @property {Info} info
 * @property {Uint8Array} content the DER of what the authority says
 * @property {Signer} signer
 * @property {Certificate[]} certificates
 */

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const TAG_0 = 0xa0;
const TAG_1 = 0xa1;
export { TST_INFO };

/**
 * @param {Uint8Array} response
 * @returns {Token}
 * @throws {ProofInvalid} it is malformed, or a refusal
 */
export function parseToken(response) {
  const [status, token] = parseDer(response).is(SEQUENCE).parts(1, 2);
  const granted = status.is(SEQUENCE).parts(1)[0].whole;
  if (granted !== 0n) throw new ProofInvalid("time stamp", "the authority refused (status {status})", { status: granted });
  if (!token) throw broken();
  const [kind, explicit] = token.is(SEQUENCE).parts(2, 2);
  if (kind.oid !== SIGNED_DATA) throw broken();
  return readSignedData(explicit.is(TAG_0).only.is(SEQUENCE).parts(4, 6));
}

/**
 * @param {Value[]} fields version, digest algorithms, content, certificates, lists of revoked ones, signers
 * @returns {Token}
 */
function readSignedData(fields) {
  const [version, algorithms, wrapped] = fields;
  const [kind, explicit] = wrapped.is(SEQUENCE).parts(2, 2);
  if (version.whole < 1n || version.whole > 5n || kind.oid !== TST_INFO) throw broken();
  const { content } = explicit.is(TAG_0).only.is(OCTET_STRING);
  const certificates = fields.find((field, at) => at > 2 && field.tag === TAG_0)?.items ?? [];
  const signers = fields[fields.length - 1].is(SET).items;
  if (signers.length !== 1) throw new ProofInvalid("time stamp", "it has not exactly one signer");
  const signer = readSigner(signers[0].is(SEQUENCE).parts(6, 7));
  const named = algorithms.is(SET).items.map((algorithm) => algorithm.is(SEQUENCE).parts(1, 2)[0].oid);
  if (!named.includes(signer.digest)) throw broken();
  return {
    info: readInfo(parseDer(content).is(SEQUENCE).parts(5)),
    content,
    signer,
    certificates: certificates.map((item) => new Certificate(item.bytes)),
  };
}

/**
 * @param {Value[]} fields
 * @returns {Info}
 */
function readInfo(fields) {
  const [version, policy, imprint, serial, at, ...rest] = fields;
  const [algorithm, hashed] = imprint.is(SEQUENCE).parts(2, 2);
  if (version.whole !== 1n) throw broken();
  const extensions = rest.find((field) => field.tag === TAG_1)?.items ?? [];
  if (extensions.some(isCritical)) throw new ProofInvalid("time stamp", "it has an extension that is not known here");
  return {
    policy: policy.oid,
    hash: algorithm.is(SEQUENCE).parts(1, 2)[0].oid,
    imprint: hashed.is(OCTET_STRING).content,
    serial: serial.whole,
    at: moment(at),
  };
}

/** @param {Value} extension */
function isCritical(extension) {
  const [, flag] = extension.is(SEQUENCE).parts(2, 3);
  return flag.tag === BOOLEAN && flag.truth;
}

/**
 * @param {Value[]} fields
 * @returns {Signer}
 */
function readSigner(fields) {
  const [version, named, digest, attributes, algorithm, signature, unsigned] = fields;
  if (version.whole !== 1n || (unsigned && unsigned.tag !== TAG_1)) throw broken(); // RFC 5652, 5.3
  const [issuer, serial] = named.is(SEQUENCE).parts(2, 2);
  return {
    issuer,
    serial: serial.is(INTEGER).bytes,
    digest: digest.is(SEQUENCE).parts(1, 2)[0].oid,
    attributes: attributes.is(TAG_0),
    algorithm: algorithm.is(SEQUENCE),
    signature: signature.is(OCTET_STRING).content,
  };
}
