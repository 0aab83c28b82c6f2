import { changeButton, hasButton, showButtons } from "../lib/buttons.js";
import { Fault } from "../lib/fault.js";
import { announce } from "../lib/settings.js";

/**
 * A button at each post is wanted on a site, or no longer. The page asks the browser for the
 * permission meanwhile: the button comes with it, also when that closes the page.
 * @param {{origin: string, isOn: boolean, tabId?: number}} payload
 */
export async function buttonSet({ origin, isOn, tabId }) {
  if (!URL.canParse(String(origin)) || new URL(origin).origin !== origin) throw new Fault("address_invalid", String(origin));
  await changeButton(origin, Boolean(isOn));
  if (tabId && (await hasButton(origin))) await showButtons(Number(tabId));
  await announce();
  return {};
}
