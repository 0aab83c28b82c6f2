import { originOf, patternOf } from "../lib/address.js";
import { ask } from "../lib/ask.js";
import { describe, Fault } from "../lib/fault.js";
import { faultWords, when, words } from "../lib/words.js";
import { byId, showText, translate } from "./dom.js";

const DEFAULT_ADDRESS = "http://127.0.0.1:8787";
const POLL_MS = 1_000;

const address = /** @type {HTMLInputElement} */ (byId("address"));
const go = /** @type {HTMLButtonElement} */ (byId("go"));

/** Must come first after the click: the browser asks only in answer to one. @param {string} origin */
async function requirePermission(origin) {
  const isGranted = await chrome.permissions.request({ origins: [patternOf(origin)] });
  if (!isGranted) throw new Fault("permission_missing", origin);
}

async function pair() {
  const origin = originOf(address.value);
  await requirePermission(origin);
  const { grant } = await ask("pairing.start", { address: origin });
  await show();
  await chrome.tabs.create({ url: grant.verification_uri });
}

/** Runs what a button does, and tells in words what went wrong. @param {() => Promise<void>} act */
async function attempt(act) {
  showText(byId("fault"), "");
  go.disabled = true;
  try {
    await act();
  } catch (error) {
    showText(byId("fault"), faultWords(describe(error)));
  } finally {
    go.disabled = false;
  }
}

async function show() {
  const { service, grant } = await ask("status.read");
  const isOpen = grant !== null && !grant.fault;
  byId("compare").hidden = !isOpen;
  byId("done").hidden = isOpen || service === null;
  byId("ask").hidden = isOpen || service !== null;
  if (isOpen) showGrant(grant);
  else if (grant?.fault) showText(byId("fault"), faultWords(grant.fault));
  if (service) showService(service);
}

/** @param {import("../lib/settings.js").Grant} grant */
function showGrant(grant) {
  byId("code").textContent = grant.user_code;
  byId("expires").textContent = words("pair_expires", [when(new Date(grant.expires_at).toISOString())]);
}

/** @param {{origin: string}} service */
function showService({ origin }) {
  const link = /** @type {HTMLAnchorElement} */ (byId("origin"));
  link.href = origin;
  link.textContent = origin;
}

/** While the page is open it asks on; when it is closed an alarm of the background does. */
async function poll() {
  if (!byId("compare").hidden) await ask("pairing.poll");
  setTimeout(() => void poll(), POLL_MS);
}

async function openApproval() {
  const { grant } = await ask("status.read");
  if (grant) await chrome.tabs.create({ url: grant.verification_uri });
}

translate();
address.value = DEFAULT_ADDRESS;
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(pair);
});
byId("open").addEventListener("click", () => void attempt(openApproval));
byId("cancel").addEventListener("click", () => void attempt(() => ask("pairing.cancel")));
byId("remove").addEventListener("click", () => void attempt(() => ask("pairing.remove")));
chrome.storage.onChanged.addListener(() => void show());
await show();
void poll();
