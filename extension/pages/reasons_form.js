import { toBase64 } from "../lib/bytes.js";
import { words } from "../lib/words.js";
import { button, make } from "./dom.js";

/**
 * The form for what the person was told: in its own words, as a picture of it, or both.
 *
 * @typedef {{media_type: string, data: string}} Picture `data` in base64
 *
 * @param {(told: {text: string, picture: Picture | null}) => Promise<void>} send
 * @param {() => void} cancel
 * @returns {HTMLFormElement}
 */
export function reasonsForm(send, cancel) {
  const id = `reasons-${crypto.randomUUID()}`;
  const text = /** @type {HTMLTextAreaElement} */ (make("textarea", { id, maxlength: "20000" }));
  const picture = /** @type {HTMLInputElement} */ (
    make("input", { id: `${id}-picture`, type: "file", accept: "image/png,image/jpeg,image/webp" })
  );
  const go = make("button", { type: "submit", class: "main" }, words("told_send"));
  const form = /** @type {HTMLFormElement} */ (make(
    "form",
    {},
    make("label", { for: id }, words("told_reasons_label")),
    text,
    make("label", { for: picture.id }, words("told_picture_label")),
    picture,
    make("div", { class: "actions" }, go, button(words("action_cancel"), cancel)),
  ));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = picture.files ?? [];
    await send({ text: text.value, picture: file ? await read(file) : null });
  });
  return form;
}

/** @param {File} file @returns {Promise<Picture>} */
async function read(file) {
  return { media_type: file.type, data: toBase64(new Uint8Array(await file.arrayBuffer())) };
}
