import { announce, write } from "../lib/settings.js";

/** Whether captures are held back until the person has drawn masks. @param {{isOn: boolean}} payload */
export async function reviewSet({ isOn }) {
  await write("review", { isOn: isOn === true });
  await announce();
  return {};
}
