import { cancelPairing } from "../lib/pairing.js";

/** The person does not want to pair any more. */
export async function pairingCancel() {
  await cancelPairing();
  return {};
}
