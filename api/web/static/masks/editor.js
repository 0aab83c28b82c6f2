/**
 * The editor of one picture: tools, picture, effect, and the boxes as numbers. Its text area is
 * what is sent; it is kept up to date and out of sight.
 *
 * @import { Box, Size } from "./boxes.js"
 */
import { count, fit, History, moved, parse, render, resized } from "./boxes.js";
import { Sheet } from "./sheet.js";

const ZOOMS = [0.1, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4];
/** Pixels that an arrow key moves a box by; with Ctrl a single one. */
const STEP = 8;
const ARROWS = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

/** @param {string} text @param {Record<string, string | number>} values */
function say(text, values) {
  return text.replace(/\{(\w+)\}/gu, (_, name) => String(values[name]));
}

/** @param {string} id @returns {HTMLElement} */
function copy(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const first = template.content.firstElementChild?.cloneNode(true);
  return /** @type {HTMLElement} */ (first);
}

export class Editor {
  /**
   * @param {HTMLElement} picture the fieldset of the picture
   * @param {HTMLFormElement} form whose data attributes have the words
   * @param {() => void} changed
   */
  constructor(picture, form, changed) {
    this.words = form.dataset;
    this.changed = changed;
    this.side = Number(form.dataset.side);
    /** @type {Size} */
    this.size = { width: Number(picture.dataset.width), height: Number(picture.dataset.height) };
    this.area = find(picture, "textarea", HTMLTextAreaElement);
    this.history = new History(parse(this.area.value, this.size));
    this.selected = -1;
    this.drawing = true;
    this.scale = 1;
    this.root = copy("mask-editor");
    this.stage = find(this.root, ".stage", HTMLElement);
    this.list = find(this.root, ".boxes", HTMLElement);
    this.#install(picture);
    this.fit();
    this.refresh();
  }

  /** @param {HTMLElement} picture */
  #install(picture) {
    const image = find(picture, "img", HTMLImageElement);
    this.sheet = new Sheet(find(this.root, ".sheet", HTMLElement), image, this.size, this.side, {
      drawing: () => this.drawing,
      done: (boxes, selected) => this.change(boxes, selected),
      selected: (index) => this.select(index),
      key: (index, event) => this.#key(index, event),
      name: (index, box) => this.#name(index, box),
    });
    for (const plain of picture.querySelectorAll("[data-plain], [data-numbers]")) {
      plain.setAttribute("hidden", "");
    }
    find(picture, "[data-plain]", HTMLElement).after(this.root);
    this.root.addEventListener("click", (event) => this.#click(event));
    this.root.addEventListener("keydown", (event) => this.#shortcut(event));
    this.list.addEventListener("change", (event) => this.#typed(event));
  }

  get boxes() {
    return this.history.current;
  }

  /** @param {Box[]} boxes @param {number} selected */
  change(boxes, selected) {
    this.history.push(boxes);
    this.selected = selected;
    this.refresh();
    this.changed();
  }

  /** @param {number} index */
  select(index) {
    this.selected = index;
    this.sheet?.show(this.boxes, index);
    this.#mark();
  }

  /** @param {number} index */
  remove(index) {
    const rest = this.boxes.filter((_, at) => at !== index);
    this.change(rest, Math.min(index, rest.length - 1));
    if (rest.length) this.sheet?.focus(this.selected);
    else this.stage.focus();
  }

  /** Adds a box in the middle of what is seen of the picture. */
  add() {
    const { width, height } = this.size;
    const middle = (/** @type {number} */ start, /** @type {number} */ seen, /** @type {number} */ whole) =>
      Math.min(whole / 2, seen / 2 / this.scale) + start / this.scale;
    const x = middle(this.stage.scrollLeft, this.stage.clientWidth, width);
    const y = middle(this.stage.scrollTop, this.stage.clientHeight, height);
    const [across, down] = [Math.min(width, 160) / 2, Math.min(height, 64) / 2];
    const box = fit([x - across, y - down, x + across, y + down], this.size);
    this.change([...this.boxes, box], this.boxes.length);
    this.sheet?.focus(this.selected);
  }

  /** @param {-1 | 1} step */
  travel(step) {
    this.history.go(step);
    this.selected = -1;
    this.refresh();
    this.changed();
  }

  fit() {
    const room = this.stage.clientWidth || 600;
    this.zoom(Math.min(1, room / this.size.width));
  }

  /** @param {number} scale */
  zoom(scale) {
    const [x, y] = [this.stage.scrollLeft / this.scale, this.stage.scrollTop / this.scale];
    this.scale = scale;
    this.sheet?.zoom(scale);
    this.stage.scrollTo(x * scale, y * scale);
    find(this.root, "[data-zoom]", HTMLElement).textContent = `${Math.round(scale * 100)} %`;
  }

  refresh() {
    this.area.value = render(this.boxes);
    this.sheet?.show(this.boxes, this.selected);
    this.#rows();
    this.#mark();
    this.#button("undo").disabled = !this.history.canUndo;
    this.#button("redo").disabled = !this.history.canRedo;
    const effect = count(this.boxes, this.size, this.side);
    find(this.root, "[data-effect]", HTMLElement).textContent = this.boxes.length
      ? say(this.words.sayEffect ?? "", effect)
      : (this.words.sayNone ?? "");
  }

  /** Rows stay what they are: the keyboard may be in one of them. */
  #rows() {
    while (this.list.children.length > this.boxes.length) this.list.lastElementChild?.remove();
    while (this.list.children.length < this.boxes.length) this.list.append(this.#row());
    this.boxes.forEach((box, index) => {
      for (const input of this.list.children[index].querySelectorAll("input")) {
        input.value = String(box[Number(input.dataset.corner)]);
      }
    });
  }

  #row() {
    const row = copy("mask-box");
    const index = this.list.children.length;
    row.dataset.index = String(index);
    const name = say(this.words.sayNumber ?? "", { number: index + 1 });
    row.setAttribute("aria-label", name);
    find(row, "[data-name]", HTMLElement).textContent = name;
    for (const input of row.querySelectorAll("input")) {
      input.max = String(Number(input.dataset.corner) % 2 ? this.size.height : this.size.width);
    }
    return row;
  }

  #mark() {
    for (const row of this.list.children) {
      row.classList.toggle("selected", row.getAttribute("data-index") === String(this.selected));
    }
  }

  /** @param {number} index @param {Box} box */
  #name(index, [left, top, right, bottom]) {
    return say(this.words.sayBox ?? "", { number: index + 1, left, top, right, bottom });
  }

  /** @param {string} name */
  #button(name) {
    return find(this.root, `[data-do="${name}"]`, HTMLButtonElement);
  }

  /** @param {Event} event */
  #typed(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest("[data-index]");
    if (!row) return;
    const index = Number(row.getAttribute("data-index"));
    const numbers = [...row.querySelectorAll("input")].map((input) => Number(input.value));
    const box = fit(/** @type {Box} */ (numbers), this.size);
    this.change(this.boxes.map((old, at) => (at === index ? box : old)), index);
  }

  /** @param {Event} event */
  #click(event) {
    const button = /** @type {Element} */ (event.target).closest("[data-do]");
    if (!(button instanceof HTMLButtonElement)) return;
    const next = ZOOMS.find((zoom) => zoom > this.scale + 0.01) ?? this.scale;
    const last = ZOOMS.findLast((zoom) => zoom < this.scale - 0.01) ?? this.scale;
    const row = button.closest("[data-index]");
    /** @type {Record<string, () => void>} */
    const deeds = {
      add: () => this.add(),
      undo: () => this.travel(-1),
      redo: () => this.travel(1),
      larger: () => this.zoom(next),
      smaller: () => this.zoom(last),
      fit: () => this.fit(),
      remove: () => this.remove(Number(row?.getAttribute("data-index"))),
      draw: () => {
        this.drawing = toggle(button);
        this.root.classList.toggle("moving", !this.drawing);
      },
      peek: () => this.root.classList.toggle("peek", toggle(button)),
    };
    deeds[button.dataset.do ?? ""]?.();
  }

  /** @param {number} index @param {KeyboardEvent} event */
  #key(index, event) {
    const arrow = ARROWS.get(event.key);
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(index);
    } else if (arrow) {
      event.preventDefault();
      const [dx, dy] = arrow.map((way) => way * (event.ctrlKey ? 1 : STEP));
      const change = event.shiftKey ? resized : moved;
      const box = change(this.boxes[index], dx, dy, this.size);
      this.change(this.boxes.map((old, at) => (at === index ? box : old)), index);
    }
  }

  /** @param {KeyboardEvent} event */
  #shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement) return;
    const key = event.key.toLowerCase();
    if (key === "z" || key === "y") {
      event.preventDefault();
      this.travel(key === "y" || event.shiftKey ? 1 : -1);
    }
  }
}

/** Switches a button that stays pressed. @param {HTMLButtonElement} button */
function toggle(button) {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(pressed));
  button.classList.toggle("outline", !pressed);
  return pressed;
}

/**
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
function find(parent, selector, kind) {
  const found = parent.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}
