import { originOf, patternOf } from "../lib/address.js";
import { ask } from "../lib/ask.js";
import { describe, Fault } from "../lib/fault.js";
import { faultWords, when, words } from "../lib/words.js";
import { button, byId, make, nameControls, showText, translate, whenReleased } from "./dom.js";

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
  delete byId("ask").dataset.adding;
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
  const { service, services, grant } = await ask("status.read");
  const isOpen = grant !== null && !grant.fault;
  // Another service is asked for: by its button, or by a first try that failed.
  const isAdding = service === null || byId("ask").dataset.adding === "yes" || grant?.fault;
  byId("compare").hidden = !isOpen;
  byId("done").hidden = isOpen || service === null;
  byId("ask").hidden = isOpen || !isAdding;
  if (isOpen) showGrant(grant);
  else if (grant?.fault) showText(byId("fault"), faultWords(grant.fault));
  if (service) showService(service);
  showOthers(services.slice(1));
}

/** @param {{origin: string}[]} services the posts that they watch stay with them */
function showOthers(services) {
  byId("others").hidden = services.length === 0;
  byId("services").replaceChildren(...services.map(({ origin }) => {
    const prefer = button(words("pair_prefer"), () => attempt(() => ask("service.prefer", { origin })));
    const remove = button(words("pair_remove"), () => attempt(() => ask("pairing.remove", { origin })));
    nameControls([prefer, remove], origin);
    const link = make("a", { class: "origin", href: origin, target: "_blank", rel: "noopener" }, origin);
    return make("li", {}, link, make("div", { class: "row" }, prefer, remove));
  }));
}

function askForAnother() {
  byId("ask").dataset.adding = "yes";
  byId("ask").hidden = false;
  address.value = "";
  address.focus();
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
byId("another").addEventListener("click", askForAnother);
byId("remove").addEventListener("click", () => void attempt(() => ask("pairing.remove")));
chrome.storage.onChanged.addListener(whenReleased(show));
await show();
void poll();
