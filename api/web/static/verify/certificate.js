/** X.509 certificates (RFC 5280), as far as the chain of a time authority needs them. */
import { same } from "./bytes.js";
import { broken, parseDer, BIT_STRING, OCTET_STRING, SEQUENCE } from "./der.js";
import { moment } from "./moments.js";
import { signatureHolds } from "./signature.js";

/**
 * @typedef {import("./der.js").Value} Value
 *
 * @typedef {object} Extension
 * @property {boolean} critical
 * @property {Value} value
 */

const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
/** Critical extensions that are looked at; any other makes a certificate `isStrange`. */
const KNOWN = new Set([BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE]);
const ANY = 0xff;
const SIGNS_DATA = 0b1100_0000; // digitalSignature, nonRepudiation
const SIGNS_CERTIFICATES = 0b0000_0100;

/** A certificate as it came. Nothing of it is believed before `issuedBy`. */
export class Certificate {
  /** @param {Uint8Array} der */
  constructor(der) {
    this.der = der;
    const [body, algorithm, signature] = parseDer(der).is(SEQUENCE).parts(3, 3);
    this.body = body.is(SEQUENCE);
    this.algorithm = algorithm.is(SEQUENCE);
    this.signature = signature.bits;
    const fields = this.body.parts(6);
    this.isVersion3 = fields[0].tag === 0xa0 && fields[0].only.whole === 2n;
    if (fields[0].tag === 0xa0) fields.shift();
    const [serial, inner, issuer, validity, subject, key, ...rest] = fields;
    if (!key || inner.bytes.length !== algorithm.bytes.length) throw broken();
    this.serial = serial.bytes;
    this.issuer = issuer;
    this.subject = subject;
    this.key = key;
    const [notBefore, notAfter] = validity.is(SEQUENCE).parts(2, 2).map(moment);
    this.notBefore = notBefore;
    this.notAfter = notAfter;
    this.extensions = readExtensions(rest.find((field) => field.tag === 0xa3)?.only);
  }

  /** @param {number} at milliseconds since 1970 */
  isValidAt(at) {
    return this.notBefore <= at && at <= this.notAfter;
  }

  /** Whether it is made for time stamps and nothing else (RFC 3161, 2.3). */
  get isForTimeStamps() {
    const usage = this.extensions.get(EXTENDED_KEY_USAGE);
    const purposes = usage?.value.items.map((item) => item.oid) ?? [];
    const signsOnly = this.keyUsage !== 0 && (this.keyUsage & ~SIGNS_DATA) === 0;
    const signs = !this.extensions.has(KEY_USAGE) || signsOnly;
    return Boolean(usage?.critical) && purposes.join() === TIME_STAMPING && signs;
  }

  /** The first octet of its bits; `ANY` when it does not say. */
  get keyUsage() {
    const usage = this.extensions.get(KEY_USAGE);
    return usage ? (usage.value.is(BIT_STRING).content[1] ?? 0) : ANY;
  }

  /** Whether it may issue certificates when that many authorities stand below it. @param {number} below */
  mayIssue(below) {
    const constraints = this.extensions.get(BASIC_CONSTRAINTS)?.value.items ?? [];
    const [authority, most] = constraints;
    if (!authority || authority.tag !== 0x01 || !authority.truth) return false;
    if (most && most.whole < BigInt(below)) return false;
    return (this.keyUsage & SIGNS_CERTIFICATES) !== 0;
  }

  /** Whether a critical extension says something that is not understood here. */
  get isStrange() {
    return [...this.extensions].some(([oid, extension]) => extension.critical && !KNOWN.has(oid));
  }

  /** @param {Certificate} issuer */
  async issuedBy(issuer) {
    if (!same(this.issuer.bytes, issuer.subject.bytes)) return false;
    return signatureHolds(issuer.key, this.algorithm, this.signature, this.body.bytes);
  }
}

/**
 * @param {Value | undefined} list
 * @returns {Map<string, Extension>}
 */
function readExtensions(list) {
  const found = new Map();
  for (const item of list?.items ?? []) {
    const [oid, ...rest] = item.is(SEQUENCE).parts(2, 3);
    const critical = rest.length === 2 && rest[0].truth;
    const value = parseDer(rest[rest.length - 1].is(OCTET_STRING).content);
    if (found.has(oid.oid)) throw broken();
    found.set(oid.oid, { critical, value });
  }
  return found;
}
