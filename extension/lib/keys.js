import { toBase64 } from "./bytes.js";
import { get, transact } from "./db.js";

/**
 * The profile's signing key: Ed25519, made once, not extractable: it can sign here and nowhere else.
 * @returns {Promise<CryptoKeyPair>}
 */
export async function signingKey() {
  const kept = await get("keys", "signing");
  if (kept) return kept.pair;
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  // `add` fails when another run was faster; then that one's key is the profile's.
  await transact(["keys"], "readwrite", (stores) => {
    const request = stores.keys.add({ name: "signing", pair });
    request.onerror = (event) => event.preventDefault();
  });
  return (await get("keys", "signing")).pair;
}

/** @param {CryptoKeyPair} pair @returns {Promise<string>} the raw 32 bytes in base64 */
export async function publicKey(pair) {
  return toBase64(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
}

/**
 * @param {Uint8Array<ArrayBuffer>} message
 * @returns {Promise<{algorithm: "Ed25519", public_key: string, value: string}>} over these very bytes
 */
export async function sign(message) {
  const pair = await signingKey();
  const value = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, message));
  return { algorithm: "Ed25519", public_key: await publicKey(pair), value: toBase64(value) };
}
