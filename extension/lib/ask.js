import { Fault } from "./fault.js";

/** Before each attempt. A background that is being stopped answers nobody until it is gone. */
const PAUSES_MS = [0, 50, 100, 200, 400, 800];

/**
 * Sends one message of the table in `messages.js` from a page of the extension.
 * @param {string} name
 * @param {object} [payload]
 * @returns {Promise<any>} the handler's value
 * @throws {Fault} what the handler could not do; `no_answer`: the background was not reached, or
 *   stopped before it answered
 */
export async function ask(name, payload = {}) {
  const answer = await send({ name, payload });
  if (!answer) throw new Fault("no_answer");
  if (answer.fault) throw new Fault(answer.fault.code, answer.fault.detail);
  return answer.value;
}

/** Asks again only when nobody was there: not everything may be done twice. @param {object} message */
async function send(message) {
  let problem = "";
  for (const pause of PAUSES_MS) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      return await chrome.runtime.sendMessage(message);
    } catch (error) {
      problem = String(error);
    }
  }
  throw new Fault("no_answer", problem);
}
