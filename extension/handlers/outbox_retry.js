import { retry } from "../lib/outbox.js";
import { drain } from "../lib/sender.js";

/** The person wants a refused capture to be sent again. @param {{id: string}} payload */
export async function outboxRetry({ id }) {
  await retry(id);
  await drain({ force: true });
  return {};
}
