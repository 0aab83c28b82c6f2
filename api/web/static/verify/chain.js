/** The path from a signer's certificate to a trusted root (RFC 5280, 6.1, without policies). */
import { same } from "./bytes.js";
import { ProofInvalid } from "./fault.js";

/** @typedef {import("./certificate.js").Certificate} Certificate */

const MAX_LENGTH = 8;
const MAX_TRIES = 200;

/**
 * Whether a certificate leads to one of the roots at that moment.
 *
 * @param {Certificate} signer
 * @param {readonly Certificate[]} roots
 * @param {readonly Certificate[]} others that may stand between
 * @param {number} at milliseconds since 1970
 * @returns {Promise<boolean>}
 */
export async function leadsTo(signer, roots, others, at) {
  const search = { roots: roots.filter(isOwnIssuer), others, at, tries: 0 };
  return soundAt(signer, at) && extend([signer], search);
}

/** @param {Certificate} certificate */
function isOwnIssuer(certificate) {
  return same(certificate.issuer.bytes, certificate.subject.bytes);
}

/**
 * @param {Certificate} certificate
 * @param {number} at
 */
function soundAt(certificate, at) {
  return certificate.isValidAt(at) && !certificate.isStrange;
}

/**
 * Tries every issuer of the last certificate of a path.
 *
 * @param {Certificate[]} path
 * @param {{ roots: Certificate[], others: readonly Certificate[], at: number, tries: number }} search
 * @returns {Promise<boolean>}
 */
async function extend(path, search) {
  const last = path[path.length - 1];
  for (const root of search.roots) {
    if (same(root.der, last.der) || (await issued(root, path, search))) return true;
  }
  if (path.length >= MAX_LENGTH) return false;
  for (const other of search.others) {
    const fresh = !isOwnIssuer(other) && !path.some((one) => same(one.der, other.der));
    if (fresh && (await issued(other, path, search)) && (await extend([...path, other], search))) return true;
  }
  return false;
}

/**
 * @param {Certificate} issuer
 * @param {Certificate[]} path
 * @param {{ at: number, tries: number }} search
 */
async function issued(issuer, path, search) {
  const last = path[path.length - 1];
  if (!same(last.issuer.bytes, issuer.subject.bytes)) return false;
  search.tries += 1;
  if (search.tries > MAX_TRIES) throw new ProofInvalid("time stamp", "its certificates lead in circles");
  if (!soundAt(issuer, search.at) || !issuer.mayIssue(path.length - 1)) return false;
  return last.issuedBy(issuer);
}
