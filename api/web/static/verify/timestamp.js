/** Checks an RFC 3161 response against the data and the trusted roots, at the response's own time. */
import { digest, joined, same } from "./bytes.js";
import { leadsTo } from "./chain.js";
import { broken, OCTET_STRING, SEQUENCE, SET } from "./der.js";
import { ProofInvalid } from "./fault.js";
import { nameText } from "./names.js";
import { HASHES, signatureHolds } from "./signature.js";
import { parseToken, TST_INFO } from "./token.js";

/**
 * @typedef {import("./certificate.js").Certificate} Certificate
 * @typedef {import("./der.js").Value} Value
 * @typedef {import("./token.js").Token} Token
 *
 * @typedef {object} VerifiedStamp
 * @property {number} at milliseconds since 1970
 * @property {string} authority the signer's name
 * @property {string} policy
 * @property {bigint} serial
 */

const SUBJECT = "time stamp";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_2 = "1.2.840.113549.1.9.16.2.47";

/**
 * @param {Uint8Array} response
 * @param {Uint8Array} data
 * @returns {Promise<{ stamp: VerifiedStamp, token: Token, signer: Certificate }>} a response whose
 *   signer is not yet known to lead to a root (see `stampLeadsTo`)
 * @throws {ProofInvalid} it is malformed, a refusal, over other data, or its signature does not hold
 */
export async function verifyStamp(response, data) {
  const token = parseToken(response);
  const { info } = token;
  const hash = HASHES[info.hash];
  if (!hash || !same(await digest(data, hash), info.imprint)) {
    throw new ProofInvalid(SUBJECT, "it is over other data");
  }
  const signer = signerOf(token);
  await checkSignature(token, signer);
  if (!signer.isForTimeStamps) {
    throw new ProofInvalid(SUBJECT, "its signer's certificate is not one for time stamps alone");
  }
  const { at, policy, serial } = info;
  return { stamp: { at, policy, serial, authority: nameText(signer.subject) }, token, signer };
}

/**
 * Whether the signer led to one of these roots at the time of the stamp.
 *
 * @param {{ token: Token, signer: Certificate }} verified
 * @param {readonly Certificate[]} roots
 * @param {readonly Certificate[]} intermediates
 */
export function stampLeadsTo({ token, signer }, roots, intermediates) {
  return leadsTo(signer, roots, [...token.certificates, ...intermediates], token.info.at);
}

/** @param {Token} token */
function signerOf({ signer, certificates }) {
  const found = certificates.find(
    (certificate) =>
      same(certificate.issuer.bytes, signer.issuer.bytes) && same(certificate.serial, signer.serial),
  );
  if (!found) throw new ProofInvalid(SUBJECT, "the signer's certificate is not there");
  return found;
}

/**
 * The signature covers the attributes, and these the content and the signer's certificate
 * (RFC 5652, 5.4; RFC 5035).
 *
 * @param {Token} token
 * @param {Certificate} certificate
 */
async function checkSignature({ signer, content }, certificate) {
  const attributes = readAttributes(signer.attributes);
  const hash = HASHES[signer.digest];
  const kind = attributes.get(CONTENT_TYPE)?.oid;
  const digested = attributes.get(MESSAGE_DIGEST)?.is(OCTET_STRING).content;
  if (!hash || kind !== TST_INFO || !digested || !same(await digest(content, hash), digested)) {
    throw new ProofInvalid(SUBJECT, "what its authority says was altered");
  }
  if (!(await namesSigner(attributes, certificate))) {
    throw new ProofInvalid(SUBJECT, "it does not name the certificate of its signer");
  }
  const signed = joined([Uint8Array.of(SET), signer.attributes.bytes.subarray(1)]);
  if (!(await signatureHolds(certificate.key, signer.algorithm, signer.signature, signed, hash))) {
    throw new ProofInvalid(SUBJECT, "its signature does not verify");
  }
}

/**
 * The one value of each attribute by its identifier.
 *
 * @param {Value} attributes
 * @returns {Map<string, Value>}
 */
function readAttributes(attributes) {
  const found = new Map();
  for (const attribute of attributes.items) {
    const [kind, values] = attribute.is(SEQUENCE).parts(2, 2);
    if (found.has(kind.oid)) throw broken();
    found.set(kind.oid, values.is(SET).only);
  }
  return found;
}

/**
 * Whether signing-certificate or its second form is there, and each that is names this certificate
 * first.
 *
 * @param {Map<string, Value>} attributes
 * @param {Certificate} certificate
 */
async function namesSigner(attributes, certificate) {
  const forms = [attributes.get(SIGNING_CERTIFICATE), attributes.get(SIGNING_CERTIFICATE_2)];
  if (!forms.some(Boolean)) return false;
  for (const [at, form] of forms.entries()) {
    const first = form?.is(SEQUENCE).parts(1)[0].is(SEQUENCE).parts(1)[0].is(SEQUENCE).parts(1);
    if (!first) continue;
    const named = first[0].tag === SEQUENCE ? HASHES[first[0].parts(1, 2)[0].oid] : at === 0 ? "SHA-1" : "SHA-256";
    const value = first[0].tag === SEQUENCE ? first[1] : first[0];
    if (!named || !value || !same(await digest(certificate.der, named), value.is(OCTET_STRING).content)) return false;
  }
  return true;
}
