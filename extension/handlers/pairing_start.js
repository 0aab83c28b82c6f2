import { startPairing } from "../lib/pairing.js";
import { announce } from "../lib/settings.js";

/** @param {{address: string}} payload as typed; the permission has been asked for already */
export async function pairingStart({ address }) {
  const { device_code: _secret, ...grant } = await startPairing(String(address));
  await announce();
  return { grant };
}
