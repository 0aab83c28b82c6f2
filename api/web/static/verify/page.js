/**
 * The page `/verify`: takes a file, has it checked by a worker, says what came out. Nothing is sent
 * anywhere; the page's policy would not allow it.
 */
import { element } from "./dom.js";
import { contentNodes, forgetPictures } from "./show_contents.js";
import { invalidNodes, validNodes } from "./show_result.js";
import { say } from "./words.js";

/**
 * @typedef {import("./worker.js").Answer} Answer
 * @typedef {import("./trust.js").Own} Own
 */

const IDS = ["bundle", "again", "status", "progress", "result", "drop"];
const [picker, again, status, bar, result, drop] = IDS.map(found);

/** @type {File | null} */
let file = null;
let isBusy = false;
let worker = start();

/** Loads the checking script, so that nothing needs to be loaded once a file is chosen. */
function start() {
  const started = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  started.addEventListener("message", (event) => hear(event.data));
  started.addEventListener("error", () => hear({ kind: "broken", message: say("the checking script stopped") }));
  return started;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function found(id) {
  const element = document.getElementById(id);
  if (!element) throw new TypeError(`the page has no ${id}`);
  return element;
}

/** What the visitor brought; null where nothing was. @returns {Own} */
function own() {
  const [roots, logKeys, witnessKeys] = ["roots", "log-keys", "witness-keys"].map((id) => {
    const text = /** @type {HTMLTextAreaElement} */ (found(id)).value;
    return text.trim() === "" ? null : text;
  });
  return { roots, logKeys, witnessKeys };
}

function check() {
  if (!file) return;
  if (isBusy) {
    worker.terminate();
    worker = start();
  }
  isBusy = true;
  forgetPictures();
  result.replaceChildren();
  again.removeAttribute("disabled");
  bar.hidden = false;
  bar.removeAttribute("value");
  status.textContent = say("Checking {name} …", { name: file.name });
  worker.postMessage({ file, own: own() });
}

/** @param {Answer} answer */
function hear(answer) {
  if (answer.kind === "progress") return tell(answer);
  isBusy = false;
  bar.hidden = true;
  status.textContent = "";
  show(answer);
  found("outcome").focus();
}

/** @param {{ part: "files" | "proofs", done: number, all: number }} progress */
function tell({ part, done, all }) {
  bar.setAttribute("max", String(all));
  bar.setAttribute("value", String(done));
  const text = part === "files" ? "Files: {done} of {all}" : "Records: {done} of {all}";
  status.textContent = say(text, { done, all });
}

/** @param {Exclude<Answer, { kind: "progress" }>} answer */
function show(answer) {
  if (answer.kind === "notABundle") {
    return conclude("doubt", say("Not a bundle"), element("p", {}, say(answer.text, answer.values)));
  }
  if (answer.kind === "badOwn") {
    const text = `${say(answer.subject)}: ${say(answer.text, answer.values)}`;
    return conclude("doubt", say("What you brought cannot be read"), element("p", {}, text));
  }
  if (answer.kind === "broken") {
    const advice = say("Nothing is concluded. Try another browser, or “rature verify”.");
    const why = element("p", { class: "meta" }, answer.message);
    return conclude("doubt", say("The check could not be finished"), element("p", {}, advice), why);
  }
  const { report, contents } = answer;
  if (!report.valid || !contents) return conclude("alarm", say("Not valid"), ...invalidNodes(report));
  const title = say("Valid: every file and proof that is checked here holds");
  return conclude("calm", title, ...validNodes(report), ...contentNodes(contents));
}

/**
 * @param {"calm" | "doubt" | "alarm"} tone
 * @param {string} title
 * @param {Node[]} nodes
 */
function conclude(tone, title, ...nodes) {
  const heading = element("h2", { id: "outcome", class: `state tone-${tone}`, tabindex: "-1" }, title);
  result.replaceChildren(heading, element("p", { class: "meta" }, file?.name ?? ""), ...nodes);
}

/** @param {FileList | null | undefined} files */
function take(files) {
  if (!files?.[0]) return;
  [file] = files;
  check();
}

/** Puts a chosen file's text into the box beside it. @param {HTMLInputElement} chooser */
async function fill(chooser) {
  const text = await chooser.files?.[0]?.text();
  if (text !== undefined) /** @type {HTMLTextAreaElement} */ (found(chooser.dataset.fills ?? "")).value = text;
}

picker.addEventListener("change", () => take(/** @type {HTMLInputElement} */ (picker).files));
again.addEventListener("click", check);
for (const chooser of document.querySelectorAll("input[data-fills]")) {
  chooser.addEventListener("change", () => fill(/** @type {HTMLInputElement} */ (chooser)));
}
// A file that is dropped beside the field would be opened by the browser in place of this page.
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
  });
}
document.addEventListener("drop", (event) => take(event.dataTransfer?.files));
if (!globalThis.crypto?.subtle || !("DecompressionStream" in globalThis)) {
  status.textContent = say("This browser cannot check a bundle here: open this page over https, in a present browser.");
} else {
  for (const control of [picker, drop]) control.removeAttribute("disabled");
}
