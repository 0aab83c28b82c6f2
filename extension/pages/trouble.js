import { patternOf } from "../lib/address.js";
import { ask } from "../lib/ask.js";
import { Fault } from "../lib/fault.js";
import { faultWords, words } from "../lib/words.js";
import { button, byId, make, showText } from "./dom.js";
import { saidBy } from "./lists.js";

/**
 * Why nothing can be sent at the moment, with the button that heals it where there is one.
 * @param {{code: string, detail: string, said?: string, origin?: string} | null} trouble
 * @param {string | null} origin of the service that new captures go to
 */
export function showTrouble(trouble, origin) {
  // Not being paired has its own box, with its own button.
  const isTold = !trouble || origin === null || trouble.code === "unpaired";
  const box = byId("trouble");
  showText(box, isTold ? "" : faultWords(trouble));
  const said = isTold ? null : saidBy(trouble.said ?? "");
  if (said) box.append(said);
  const remedy = isTold ? null : remedyFor(trouble.code, trouble.origin ?? origin);
  if (remedy) box.append(make("div", { class: "actions" }, remedy));
}

/** @param {string} code @param {string} origin */
function remedyFor(code, origin) {
  if (code === "permission_missing") {
    return button(words("action_allow"), async () => {
      if (await chrome.permissions.request({ origins: [patternOf(origin)] })) await refresh();
    });
  }
  if (code === "token_refused") {
    return button(words("action_pair_again"), async () => {
      await ask("pairing.remove", { origin });
      await chrome.runtime.openOptionsPage();
    });
  }
  if (code === "unreachable" || code === "not_rature") {
    return button(words("action_address"), () => chrome.runtime.openOptionsPage());
  }
  return null;
}

/** What the services know by now; what went wrong is told in words. */
export async function refresh() {
  await ask("outbox.flush");
  const { service } = await ask("status.read");
  if (!service) return;
  try {
    await ask("watches.refresh");
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    showTrouble(error, service.origin);
  }
}
