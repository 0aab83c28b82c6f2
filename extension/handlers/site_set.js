import { Fault } from "../lib/fault.js";
import { originOf } from "../lib/look_plan.js";
import { changeSite, mayLook, registerPassing } from "../lib/own_sites.js";
import { announce } from "../lib/settings.js";
import { planLooks } from "../lib/vantage.js";

/**
 * Looks with the person's session on a site are wanted, or no longer. The page has asked the browser
 * for the permission already.
 * @param {{origin: string, isOn: boolean}} payload
 */
export async function siteSet({ origin, isOn }) {
  if (originOf(String(origin)) !== origin) throw new Fault("address_invalid", String(origin));
  await changeSite(origin, { isOn: Boolean(isOn) });
  if (isOn && !(await mayLook(origin))) {
    await changeSite(origin, { isOn: false });
    throw new Fault("permission_missing", origin);
  }
  await registerPassing();
  await planLooks();
  await announce();
  return {};
}
