import { patternOf } from "../lib/address.js";
import { ask } from "../lib/ask.js";
import { Fault, describe } from "../lib/fault.js";
import { faultWords, words } from "../lib/words.js";
import { button, byId, make, showText, translate } from "./dom.js";
import { archivedSection, failedSection, waitingSection, watchedSection } from "./lists.js";

/** The tab to capture: the one in front, or the one that the address names (`?tab=ID`). */
async function target() {
  const named = Number(new URLSearchParams(location.search).get("tab"));
  if (named > 0) return named;
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab?.id;
}

async function capture() {
  try {
    await ask("capture.start", { tabId: await target() });
    window.close();
  } catch (error) {
    showText(byId("fault"), faultWords(describe(error)));
  }
}

async function show() {
  const status = await ask("status.read");
  const origin = status.service?.origin ?? null;
  const service = /** @type {HTMLAnchorElement} */ (byId("service"));
  service.hidden = origin === null;
  if (origin) service.href = origin;
  byId("connect").hidden = origin !== null;
  showTrouble(status.trouble, origin);
  const sections = [
    failedSection(status.captures),
    waitingSection(status.captures),
    watchedSection(status.watches, origin),
    archivedSection(status.captures),
  ].filter((section) => section !== null);
  const empty = make("p", { class: "empty" }, words("popup_empty"));
  const first = make("section", {}, empty);
  byId("lists").replaceChildren(...(sections.length > 0 ? sections : [first]));
}

/** @param {{code: string, detail: string} | null} trouble @param {string | null} origin */
function showTrouble(trouble, origin) {
  // Not being paired has its own box, with its own button.
  const isTold = !trouble || origin === null || trouble.code === "unpaired";
  const box = byId("trouble");
  showText(box, isTold ? "" : faultWords(trouble));
  const remedy = isTold ? null : remedyFor(trouble.code, origin);
  if (remedy) box.append(make("div", { class: "actions" }, remedy));
}

/** The button that heals a trouble, where there is one. @param {string} code @param {string} origin */
function remedyFor(code, origin) {
  if (code === "permission_missing") {
    return button(words("action_allow"), async () => {
      if (await chrome.permissions.request({ origins: [patternOf(origin)] })) await refresh();
    });
  }
  if (code === "token_refused") {
    return button(words("action_pair_again"), async () => {
      await ask("pairing.remove");
      await chrome.runtime.openOptionsPage();
    });
  }
  return null;
}

/** What the browser calls the shortcut, as the person may have changed it. */
async function showHow() {
  const commands = await chrome.commands.getAll();
  const shortcut = commands.find((command) => command.name === "capture")?.shortcut;
  byId("how").textContent = shortcut ? words("popup_how_shortcut", [shortcut]) : words("popup_how");
}

/** What the service knows by now; what went wrong is told in words. */
async function refresh() {
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

translate();
byId("capture").addEventListener("click", () => void capture());
byId("pair").addEventListener("click", () => void chrome.runtime.openOptionsPage());
chrome.storage.onChanged.addListener(() => void show());
await showHow();
await show();
await refresh();
