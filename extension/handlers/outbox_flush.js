import { drain } from "../lib/sender.js";

/** Tries to send everything now. */
export async function outboxFlush() {
  await drain({ force: true });
  return {};
}
