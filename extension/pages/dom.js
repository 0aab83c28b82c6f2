import { words } from "../lib/words.js";

/**
 * Makes an element. Text is always text: nothing that a page wrote is ever read as mark-up.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string | null)[]} children null is left out
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * @param {string} label
 * @param {() => Promise<void> | void} act
 * @returns {HTMLElement} a button that cannot be pressed twice at once
 */
export function button(label, act) {
  const element = /** @type {HTMLButtonElement} */ (make("button", { type: "button" }, label));
  element.addEventListener("click", async () => {
    element.disabled = true;
    try {
      await act();
    } finally {
      element.disabled = false;
    }
  });
  return element;
}

/**
 * Names controls of one kind apart, for whoever hears them one by one.
 * @param {Iterable<Element>} controls @param {string} about what they are about
 */
export function nameControls(controls, about) {
  for (const control of controls) control.setAttribute("aria-label", words("label_about", [control.textContent ?? "", about]));
}

/** @param {string} id @returns {HTMLElement} an element that the page's own HTML has */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

/** Puts the browser's language into the page. */
export function translate() {
  document.documentElement.lang = chrome.i18n.getMessage("language");
  for (const element of document.querySelectorAll("[data-words]")) {
    element.textContent = words(element.getAttribute("data-words") ?? "");
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", words(element.getAttribute("data-label") ?? ""));
  }
}

/** @param {HTMLElement} element @param {string} text shown when there is any */
export function showText(element, text) {
  element.textContent = text;
  element.hidden = text === "";
}

/**
 * Shows a page anew, but not while a mouse button or a finger is down: a press on an element that is
 * replaced before it is released would be lost.
 * @param {() => Promise<void>} show
 * @returns {() => void}
 */
export function whenReleased(show) {
  const state = { isDown: false, isDue: false };
  const release = () => {
    state.isDown = false;
    if (!state.isDue) return;
    state.isDue = false;
    setTimeout(() => void show()); // after the click that follows
  };
  addEventListener("pointerdown", () => { state.isDown = true; }, true);
  for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, release, true);
  return () => {
    if (state.isDown) state.isDue = true;
    else void show();
  };
}

/** Makes parts of a page from what they show, and gives the same element again while that is the same. */
export function keeper() {
  /** @type {Map<string, {key: string, element: HTMLElement | null}>} */ const known = new Map();
  /**
   * @template T
   * @param {string} name of the part
   * @param {T} data
   * @param {(data: T) => HTMLElement | null} build
   */
  return (name, data, build) => {
    const key = JSON.stringify(data);
    const before = known.get(name);
    if (before?.key === key) return before.element;
    const element = build(data);
    known.set(name, { key, element });
    return element;
  };
}
