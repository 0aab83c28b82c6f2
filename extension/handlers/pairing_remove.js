import { removePairing } from "../lib/pairing.js";

/** The person ends the pairing. */
export async function pairingRemove() {
  await removePairing();
  return {};
}
