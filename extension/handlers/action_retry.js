import { retryAction } from "../lib/actions.js";
import { drain } from "../lib/sender.js";

/** The person wants what was refused to be sent again. @param {{id: string}} payload */
export async function actionRetry({ id }) {
  await retryAction(String(id));
  await drain({ force: true });
  return {};
}
