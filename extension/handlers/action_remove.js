import { takeBack } from "../lib/actions.js";
import { updateBadge } from "../lib/badge.js";
import { announce } from "../lib/settings.js";

/** The person takes back what was not sent yet, or gives up what was refused. @param {{id: string}} payload */
export async function actionRemove({ id }) {
  await takeBack(String(id));
  await updateBadge();
  await announce();
  return {};
}
