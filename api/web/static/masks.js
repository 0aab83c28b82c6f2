/**
 * The page of the masks: an editor for each picture that is ticked, and a word about what is not
 * saved yet. Without this script the page is a form with numbers.
 */
import { Editor } from "./masks/editor.js";

const form = document.getElementById("masks");
if (form instanceof HTMLFormElement) start(form);

/** @param {HTMLFormElement} form */
function start(form) {
  let dirty = false;
  const changed = () => {
    dirty = true;
    form.querySelector("[data-dirty]")?.removeAttribute("hidden");
  };
  for (const picture of form.querySelectorAll("[data-picture]")) {
    install(/** @type {HTMLElement} */ (picture), form, changed);
  }
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  for (const download of document.querySelectorAll("form[data-bundle]")) {
    download.addEventListener("submit", (event) => {
      if (!dirty) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      alert(form.dataset.sayLeave);
    }, { capture: true });
  }
}

/**
 * A picture shows its editor while it is ticked. It is made when it is seen for the first time: a
 * page has many pictures, and inside of a closed part nothing has a width.
 * @param {HTMLElement} picture
 * @param {HTMLFormElement} form
 * @param {() => void} changed
 */
function install(picture, form, changed) {
  const tick = picture.querySelector("[name=shown]");
  if (!(tick instanceof HTMLInputElement)) return;
  /** @type {Editor | null} */
  let editor = null;
  const update = () => {
    if (!tick.checked) editor?.root.setAttribute("hidden", "");
    else if (editor) editor.root.removeAttribute("hidden");
    else if (picture.getClientRects().length) editor = new Editor(picture, form, changed);
    picture.classList.toggle("off", !tick.checked);
  };
  picture.querySelector("[data-numbers]")?.setAttribute("hidden", "");
  tick.addEventListener("change", update);
  picture.closest("details")?.addEventListener("toggle", update);
  update();
}
