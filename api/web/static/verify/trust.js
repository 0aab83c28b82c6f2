/** Whom a verification believes: the visitor's own keys and roots, or those in the bundle. */
import { fromBase64, fromUtf8, same, utf8 } from "./bytes.js";
import { Certificate } from "./certificate.js";
import { ProofInvalid, within } from "./fault.js";
import { DATA, INTERMEDIATES, LOG_PEM, LOG_VKEY, ROOTS, WITNESSES } from "./layout.js";
import { rendered } from "./moments.js";
import { COSIGNATURE, parseKey, pemOf } from "./note_key.js";
import { stampLeadsTo, verifyStamp } from "./timestamp.js";

/**
 * @typedef {import("./note_key.js").NoteKey} NoteKey
 *
 * @typedef {object} Own what the visitor obtained elsewhere; null where there is nothing
 * @property {string | null} roots PEM
 * @property {string | null} logKeys verifier keys, one a line
 * @property {string | null} witnessKeys the same of witnesses
 *
 * @typedef {object} Trust
 * @property {NoteKey[]} logKeys
 * @property {NoteKey[]} witnesses
 * @property {NoteKey[] | null} ownWitnesses
 * @property {Certificate[]} bundleRoots
 * @property {Certificate[] | null} ownRoots
 * @property {Certificate[]} intermediates
 * @property {boolean} ownLogKeys
 *
 * @typedef {"independent" | "unconfirmed" | "local"} Grade
 *
 * @typedef {object} Stamp
 * @property {string} subject existed no later than `at`
 * @property {string} at
 * @property {string} authority
 * @property {string} policy
 * @property {string} serial hex
 * @property {Grade} grade
 * @property {boolean} trusted it leads to a root that the visitor brought
 */

/** The policy of the service's own embedded authority: it proves order, not time. */
const LOCAL_POLICY = "2.25.208846137911432750312884521806739845316";
const BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * What the visitor brought, read before any bundle is looked at.
 *
 * @param {Own} own
 * @throws {ProofInvalid} a key or certificate cannot be read
 */
export async function readOwn(own) {
  return {
    roots: own.roots === null ? null : certificatesOf(own.roots, "trust root"),
    logKeys: own.logKeys === null ? null : await keysOf(own.logKeys, "log key"),
    witnesses: own.witnessKeys === null ? null : await keysOf(own.witnessKeys, "witness key", COSIGNATURE),
  };
}

/**
 * The visitor's keys and roots together with the bundle's.
 *
 * @param {import("./zip.js").ZipReader} reader
 * @param {Awaited<ReturnType<typeof readOwn>>} own
 * @returns {Promise<Trust>}
 * @throws {ProofInvalid} the bundle's keys are malformed, or its two forms of the log key differ
 */
export async function gatherTrust(reader, own) {
  const key = await parseKey(await textOf(reader, LOG_VKEY), LOG_VKEY);
  if (!same(await reader.read(DATA + LOG_PEM), utf8(pemOf(key)))) {
    throw new ProofInvalid(LOG_PEM, "another key than that of {name}", { name: LOG_VKEY });
  }
  const named = reader.has(DATA + WITNESSES)
    ? await bundleWitnesses(await textOf(reader, WITNESSES))
    : [];
  return {
    logKeys: own.logKeys ?? [key],
    ownLogKeys: own.logKeys !== null,
    witnesses: distinct([...named, ...(own.witnesses ?? [])]),
    ownWitnesses: own.witnesses,
    bundleRoots: certificatesOf(await textOf(reader, ROOTS), ROOTS),
    ownRoots: own.roots,
    intermediates: reader.has(DATA + INTERMEDIATES)
      ? certificatesOf(await textOf(reader, INTERMEDIATES), INTERMEDIATES)
      : [],
  };
}

/**
 * Verifies one response over the data and grades it.
 *
 * @param {Trust} trust
 * @param {string} subject
 * @param {Uint8Array} response
 * @param {Uint8Array} data
 * @returns {Promise<Stamp>}
 * @throws {ProofInvalid} it leads neither to the visitor's roots nor to the bundle's
 */
export function checkStamp(trust, subject, response, data) {
  return within(subject, async () => {
    const verified = await verifyStamp(response, data);
    const own = await stampLeadsTo(verified, trust.ownRoots ?? [], trust.intermediates);
    if (!own && !(await stampLeadsTo(verified, trust.bundleRoots, trust.intermediates))) {
      throw new ProofInvalid(subject, "it leads to no trusted root");
    }
    const { at, authority, policy, serial } = verified.stamp;
    /** @type {Grade} */
    const grade = policy === LOCAL_POLICY ? "local" : own ? "independent" : "unconfirmed";
    return { subject, at: rendered(at), authority, policy, serial: serial.toString(16), grade, trusted: own };
  });
}

/**
 * @param {string} pem
 * @param {string} subject
 * @returns {Certificate[]}
 */
function certificatesOf(pem, subject) {
  try {
    const found = [...pem.matchAll(BLOCK)].map(([, body]) => fromBase64(body.replace(/\s+/g, "")));
    if (found.length === 0 || found.includes(null)) throw new ProofInvalid(subject, "no certificates");
    return found.map((der) => new Certificate(/** @type {Uint8Array} */ (der)));
  } catch (error) {
    throw error instanceof ProofInvalid ? new ProofInvalid(subject, "no certificates") : error;
  }
}

/**
 * @param {string} text
 * @param {string} subject
 * @param {number} [type]
 */
async function keysOf(text, subject, type) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (lines.length === 0) throw new ProofInvalid(subject, "no key is in it");
  const keys = [];
  for (const line of lines) keys.push(await parseKey(line, subject, type));
  return keys;
}

/**
 * The witnesses' keys that came along, one a line.
 *
 * @param {string} text
 */
async function bundleWitnesses(text) {
  if (text === "") return [];
  const keys = await keysOf(text, WITNESSES, COSIGNATURE);
  if (keys.map(({ vkey }) => `${vkey}\n`).join("") !== text) {
    throw new ProofInvalid(WITNESSES, "a key is not in its one form");
  }
  return keys;
}

/** @param {NoteKey[]} keys */
function distinct(keys) {
  return [...new Map(keys.map((key) => [key.vkey, key])).values()];
}

/**
 * @param {import("./zip.js").ZipReader} reader
 * @param {string} name
 */
async function textOf(reader, name) {
  const text = fromUtf8(await reader.read(DATA + name));
  if (text === null) throw new ProofInvalid(name, "not text");
  return text;
}
