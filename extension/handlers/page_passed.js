import { tryRefresh } from "../lib/paired.js";
import { lookInPassing } from "../lib/vantage.js";

/**
 * A page of an allowed site was opened, or became another one. Nothing of what the script says is believed: the browser says
 * which tab and which address it is.
 * @param {object} _payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function pagePassed(_payload, sender) {
  if (await lookInPassing(sender)) await tryRefresh();
  return {};
}
