import { removePairing } from "../lib/pairing.js";

/** The person ends a pairing: with the named service, or with that of new captures. @param {{origin?: string}} payload */
export async function pairingRemove({ origin }) {
  await removePairing(origin);
  return {};
}
