import { prefer } from "../lib/services.js";
import { announce } from "../lib/settings.js";

/** New captures go to this service from now on. @param {{origin: string}} payload */
export async function servicePrefer({ origin }) {
  await prefer(String(origin));
  await announce();
  return {};
}
