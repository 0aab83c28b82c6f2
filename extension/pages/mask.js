import { ask } from "../lib/ask.js";
import { describe, Fault } from "../lib/fault.js";
import { hiddenPhrases, hidesAnything } from "../lib/masking.js";
import { originalFile } from "../lib/original_file.js";
import { original, requireHeld } from "../lib/originals.js";
import { blackOut, isNamedIn } from "../lib/redaction.js";
import { faultWords, missingWords, when, words } from "../lib/words.js";
import { button, byId, make, showText, translate } from "./dom.js";
import { Stage } from "./mask_stage.js";

/** The page of one held capture: what is hidden of it before it is sent; afterwards, its original. */
const id = new URLSearchParams(location.search).get("capture") ?? "";
const CHOICES = ["author", "thread", "context"];

/** @param {string} choice */
const box = (choice) => /** @type {HTMLInputElement} */ (byId(choice));

async function review() {
  const { parcel } = await requireHeld(id);
  const { author, thread } = await ask("masks.read", { id });
  /** @type {(() => void)[]} what undoes the last changes, the latest at the end */
  const past = [];
  const stages = parcel.parts
    .filter((part) => part.media_type === "image/png" && part.role.endsWith("screenshot"))
    .map((part) => new Stage(part.role, new Blob([part.data], { type: "image/png" }), () => remember()));
  const remember = () => {
    const before = stages.map(({ boxes }) => boxes);
    past.push(() => stages.forEach((stage, place) => stage.show(before[place])));
  };
  byId("stages").replaceChildren(...stages.map(({ element }) => element));
  await Promise.all(stages.map((stage) => stage.ready()));
  const [post] = stages;
  const undo = button(words("mask_undo"), () => {
    past.pop()?.();
    tell();
  });
  undo.id = "undo";
  const add = button(words("mask_add"), () => post.add());
  add.id = "add";
  byId("tools").replaceChildren(add, undo);
  addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo.click();
  });

  /** @returns {import("../lib/masking.js").Wish} */
  const wish = () => ({
    boxes: Object.fromEntries(stages.map(({ role, boxes }) => [role, boxes])),
    withoutAuthor: box("author").checked,
    withoutThread: box("thread").checked,
    withoutContext: box("context").checked,
  });

  /** Says in words what follows from the masks. */
  const tell = () => {
    const wished = wish();
    const corner = parcel.held?.inContext ?? { x: 0, y: 0 };
    for (const stage of stages.slice(1)) {
      stage.inherited = post.boxes.map(([left, top, right, bottom]) => [left + corner.x, top + corner.y, right + corner.x, bottom + corner.y]);
      stage.setOut(wished.withoutContext);
      stage.draw();
    }
    const isMasked = hidesAnything(wished);
    byId("effects").replaceChildren(...(isMasked ? effects(parcel, wished) : []));
    send.textContent = words(isMasked ? "mask_send" : "mask_send_plain");
    undo.toggleAttribute("disabled", past.length === 0);
  };

  const send = button(words("mask_send_plain"), async () => {
    const { missing } = await ask("masks.apply", { id, ...wish() });
    await show(missing);
  });
  send.id = "send";
  send.classList.add("main");
  byId("ends").replaceChildren(send, removal(words("mask_discard"), async () => {
    await ask("masks.discard", { id });
    await show([]);
  }));
  byId("author-words").textContent = words("mask_author", [author ?? ""]);
  byId("author-line").hidden = author === null;
  byId("thread-line").hidden = thread === 0;
  byId("context-line").hidden = stages.length < 2;
  for (const choice of CHOICES) box(choice).addEventListener("change", tell);
  byId("stages").addEventListener("masks", tell);
  byId("review").hidden = false;
  stages.forEach((stage) => stage.draw());
  tell();
}

/** @param {import("../lib/outbox.js").Parcel} parcel @param {import("../lib/masking.js").Wish} wished */
function effects(parcel, wished) {
  const phrases = hiddenPhrases(parcel, wished);
  const text = parcel.facts?.reading.text ?? "";
  const said = blackOut(text, phrases);
  const page = parcel.facts?.page;
  const isNamed = [page?.url ?? null, page?.frame ?? null].some((address) => isNamedIn(address, phrases));
  return [
    make("p", {}, words("mask_left_out")),
    ...(said === text ? [] : [make("p", {}, words("mask_text")), make("p", { class: "quote" }, said)]),
    ...(isNamed ? [make("p", { class: "fault" }, words("mask_address", [page?.frame ?? page?.url ?? ""]))] : []),
  ];
}

/** What cannot be undone: the first press asks, the second does it. @param {string} label @param {() => Promise<void>} act */
function removal(label, act) {
  const slot = make("span");
  const first = button(label, () => {
    const second = button(words("action_remove_really"), act);
    slot.replaceChildren(second);
    second.focus();
  });
  slot.append(first);
  return slot;
}

/** What became of it. @param {string[]} missing */
async function show(missing) {
  const { state, keptAt } = await ask("masks.read", { id });
  byId("review").hidden = true;
  byId("done").hidden = false;
  byId("done-title").textContent = words(state === null ? "mask_gone_title" : "mask_done_title");
  const lacks = missing.map(missingWords).join(", ");
  const text = [state === null ? words("mask_gone") : words("mask_done"), lacks ? words("mask_without", [lacks]) : "", keptAt ? words("mask_kept", [when(keptAt)]) : ""];
  byId("done-text").textContent = text.filter(Boolean).join(" ");
  const isKept = keptAt !== null;
  byId("keeps").replaceChildren(...(isKept ? [saving(), removal(words("mask_forget"), () => ask("masks.forget", { id }).then(() => show(missing)))] : []));
}

/** Export of the original, as a file for its owner. */
function saving() {
  const save = button(words("mask_save"), async () => {
    const kept = await original(id);
    if (!kept) throw new Fault("capture_unknown");
    const link = /** @type {HTMLAnchorElement} */ (make("a", { download: `rature-original-${id}.zip` }));
    link.href = URL.createObjectURL(await originalFile(kept));
    link.click();
  });
  save.id = "save";
  save.classList.add("main");
  return save;
}

translate();
document.title = words("mask_title");
try {
  const { state, missing } = await ask("masks.read", { id });
  if (state === "held") await review();
  else await show(missing);
} catch (error) {
  showText(byId("fault"), faultWords(describe(error)));
}
