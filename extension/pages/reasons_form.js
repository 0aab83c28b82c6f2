import { words } from "../lib/words.js";
import { button, make } from "./dom.js";

/**
 * The form for what the person was told, in its own words.
 * @param {(text: string) => Promise<void>} send
 * @param {() => void} cancel
 * @returns {HTMLFormElement}
 */
export function reasonsForm(send, cancel) {
  const id = `reasons-${crypto.randomUUID()}`;
  const text = /** @type {HTMLTextAreaElement} */ (make("textarea", { id, required: "", maxlength: "20000" }));
  const go = make("button", { type: "submit", class: "main" }, words("told_send"));
  const buttons = make("div", { class: "actions" }, go, button(words("action_cancel"), cancel));
  const form = /** @type {HTMLFormElement} */ (make("form", {}, make("label", { for: id }, words("told_reasons_label")), text, buttons));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(text.value);
  });
  return form;
}
