/** Signatures of certificates and time stamps, checked by WebCrypto. SHA-1 is not accepted. */
import { joined } from "./bytes.js";
import { broken, parseDer, SEQUENCE } from "./der.js";
import { ProofInvalid } from "./fault.js";

/**
 * @typedef {import("./der.js").Value} Value
 * @typedef {"SHA-256" | "SHA-384" | "SHA-512"} Hash
 * @typedef {"P-256" | "P-384" | "P-521"} Curve
 */

/** @type {Record<string, Hash>} */
export const HASHES = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
/** @type {Record<string, Hash>} */
const RSA = {
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
};
/** @type {Record<string, Hash>} */
const ECDSA = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};
/** @type {Record<string, [Curve, number]>} */
const CURVES = {
  "1.2.840.10045.3.1.7": ["P-256", 32],
  "1.3.132.0.34": ["P-384", 48],
  "1.3.132.0.35": ["P-521", 66],
};
const RSA_KEY = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const EC_KEY = "1.2.840.10045.2.1";
const ED25519 = "1.3.101.112";
const ED25519_NAME = "Ed25519";

/**
 * @param {Value} spki the SubjectPublicKeyInfo
 * @param {Value} algorithm the AlgorithmIdentifier of the signature
 * @param {Uint8Array} signature
 * @param {Uint8Array} data
 * @param {Hash} [digest] of CMS, where the signature's algorithm names no hash
 * @returns {Promise<boolean>}
 * @throws {ProofInvalid} an algorithm that is not known here
 */
export async function signatureHolds(spki, algorithm, signature, data, digest) {
  const [named, parameters] = algorithm.parts(1, 2);
  const [keyed, curve] = spki.parts(2, 2)[0].parts(1, 2);
  const [key, wanted] = [keyed.oid, named.oid];
  if (key === RSA_KEY && wanted === RSA_PSS) return pss(spki, parameters, signature, data);
  const rsa = RSA[wanted] ?? (wanted === RSA_KEY ? digest : undefined);
  if (key === RSA_KEY && rsa) {
    return check({ name: "RSASSA-PKCS1-v1_5", hash: rsa }, { name: "RSASSA-PKCS1-v1_5" }, spki, signature, data);
  }
  if (key === EC_KEY && ECDSA[wanted]) return ecdsa(spki, curve, ECDSA[wanted], signature, data);
  if (key === ED25519 && wanted === ED25519) {
    return check({ name: ED25519_NAME }, { name: ED25519_NAME }, spki, signature, data);
  }
  throw new ProofInvalid("signature", "its algorithm ({oid}) is not known here", { oid: wanted });
}

/**
 * @param {Value} spki
 * @param {Value | undefined} curve
 * @param {Hash} hash
 * @param {Uint8Array} signature
 * @param {Uint8Array} data
 */
function ecdsa(spki, curve, hash, signature, data) {
  const [namedCurve, octets] = CURVES[curve?.oid ?? ""] ?? [];
  if (!namedCurve) throw new ProofInvalid("signature", "its algorithm ({oid}) is not known here", { oid: EC_KEY });
  const numbers = parseDer(signature).is(SEQUENCE).parts(2, 2);
  const raw = joined(numbers.map((number) => fixed(number.whole, octets)));
  return check({ name: "ECDSA", namedCurve }, { name: "ECDSA", hash }, spki, raw, data);
}

/**
 * @param {bigint} value
 * @param {number} octets
 */
function fixed(value, octets) {
  const text = value.toString(16).padStart(2 * octets, "0");
  if (text.length !== 2 * octets) throw broken();
  return Uint8Array.from({ length: octets }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/**
 * RSASSA-PSS (RFC 4055, 3.1) with one hash for the message and the mask.
 *
 * @param {Value} spki
 * @param {Value | undefined} parameters
 * @param {Uint8Array} signature
 * @param {Uint8Array} data
 */
function pss(spki, parameters, signature, data) {
  const fields = new Map((parameters?.items ?? []).map((item) => [item.tag & 0x1f, item.only]));
  const hash = HASHES[fields.get(0)?.parts(1, 2)[0].oid ?? ""];
  const [generator, inner] = fields.get(1)?.items ?? [];
  const saltLength = Number(fields.get(2)?.whole ?? 20n);
  if (!hash || generator?.oid !== MGF1 || HASHES[inner?.parts(1, 2)[0].oid ?? ""] !== hash) {
    throw new ProofInvalid("signature", "its algorithm ({oid}) is not known here", { oid: RSA_PSS });
  }
  return check({ name: "RSA-PSS", hash }, { name: "RSA-PSS", saltLength }, spki, signature, data);
}

/**
 * @param {RsaHashedImportParams | EcKeyImportParams | Algorithm} kind
 * @param {RsaPssParams | EcdsaParams | Algorithm} how
 * @param {Value} spki
 * @param {Uint8Array} signature
 * @param {Uint8Array} data
 */
async function check(kind, how, spki, signature, data) {
  try {
    const key = await crypto.subtle.importKey("spki", new Uint8Array(spki.bytes), kind, false, ["verify"]);
    return await crypto.subtle.verify(how, key, new Uint8Array(signature), new Uint8Array(data));
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataError") return false; // no key of that kind
    throw error;
  }
}
