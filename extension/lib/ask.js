import { Fault } from "./fault.js";

/**
 * Sends one message of the table in `messages.js` from a page of the extension.
 * @param {string} name
 * @param {object} [payload]
 * @returns {Promise<any>} the handler's value
 * @throws {Fault} what the handler could not do
 */
export async function ask(name, payload = {}) {
  const answer = await chrome.runtime.sendMessage({ name, payload });
  if (answer?.fault) throw new Fault(answer.fault.code, answer.fault.detail);
  return answer?.value;
}
