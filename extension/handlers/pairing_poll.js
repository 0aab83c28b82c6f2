import { afterPairing } from "../lib/paired.js";
import { pollPairing } from "../lib/pairing.js";

/** Asks once whether the pairing has been approved; the page does so while it is open. */
export async function pairingPoll() {
  if (await pollPairing()) await afterPairing();
  return {};
}
