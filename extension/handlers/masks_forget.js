import { forgetOriginal } from "../lib/originals.js";
import { announce } from "../lib/settings.js";

/** The person wants the original of a masked capture kept no longer. @param {{id: string}} payload */
export async function masksForget({ id }) {
  await forgetOriginal(id);
  await announce();
  return {};
}
