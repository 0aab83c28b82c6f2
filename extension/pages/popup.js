import { ask } from "../lib/ask.js";
import { describe } from "../lib/fault.js";
import { faultWords, words } from "../lib/words.js";
import { byId, keeper, make, showText, translate, whenReleased } from "./dom.js";
import { archivedSection, failedSection, heldSection, ofState, waitingSection, watchedSection } from "./lists.js";
import { showButtonChoice } from "./popup_button.js";
import { refresh, showTrouble } from "./trouble.js";

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

const kept = keeper();

async function show() {
  const status = await ask("status.read");
  const origin = status.service?.origin ?? null;
  const service = /** @type {HTMLAnchorElement} */ (byId("service"));
  service.hidden = origin === null;
  if (origin) service.href = origin;
  byId("connect").hidden = origin !== null;
  /** @type {HTMLInputElement} */ (byId("review")).checked = status.isReviewed;
  showTrouble(status.trouble, origin);
  const { captures } = status;
  const sections = [
    kept("held", ofState(captures, "held"), heldSection),
    kept("failed", ofState(captures, "failed"), failedSection),
    kept("waiting", ofState(captures, "waiting"), waitingSection),
    kept("watched", status.watches, (watches) => watchedSection(watches, origin)),
    kept("archived", ofState(captures, "archived", "sealed"), archivedSection),
  ].filter((section) => section !== null);
  const first = kept("first", [], () => make("section", {}, make("p", { class: "empty" }, words("popup_empty"))));
  const shown = sections.length > 0 || !first ? sections : [first];
  const lists = byId("lists");
  // what stays the same stays in its place: a press on it, or a question in it, is not lost
  if (shown.length !== lists.children.length || shown.some((each, at) => lists.children[at] !== each)) lists.replaceChildren(...shown);
}

/** What the browser calls the shortcut, as the person may have changed it. */
async function showHow() {
  const commands = await chrome.commands.getAll();
  const shortcut = commands.find((command) => command.name === "capture")?.shortcut;
  byId("how").textContent = shortcut ? words("popup_how_shortcut", [shortcut]) : words("popup_how");
}

/** The panel stays beside the page. Must come first after the click: the browser opens it only then. */
async function openPanel() {
  const sidebar = /** @type {any} */ (globalThis).browser?.sidebarAction;
  if (sidebar) await sidebar.open();
  else await chrome.sidePanel.open({ windowId: (await chrome.windows.getCurrent()).id ?? chrome.windows.WINDOW_ID_CURRENT });
  window.close();
}

translate();
byId("capture").addEventListener("click", () => void capture());
byId("panel").addEventListener("click", () => void openPanel());
byId("review").addEventListener("change", (event) => {
  void ask("review.set", { isOn: /** @type {HTMLInputElement} */ (event.target).checked });
});
byId("pair").addEventListener("click", () => void chrome.runtime.openOptionsPage());
chrome.storage.onChanged.addListener(whenReleased(show));
await showHow();
await show();
await showButtonChoice(byId("button"), await target(), (error) => showText(byId("fault"), faultWords(describe(error))));
await refresh();
