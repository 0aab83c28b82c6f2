import { make } from "./dom.js";
import { grid, SIDE, touched } from "../lib/tiles.js";
import { words } from "../lib/words.js";

/**
 * One picture on which masks are drawn: by mouse, pen or finger, or with the keys.
 *
 * @typedef {number[]} Box left, top, right, bottom in pixels of the picture
 */

const SVG = "http://www.w3.org/2000/svg";
/** What one press of an arrow key moves, in pixels of the picture. */
const STEP = 16;
const SMALLEST = 4;
const SHARE = 4;

export class Stage {
  /**
   * @param {string} role
   * @param {Blob} png
   * @param {() => void} changed called after each change, before it is shown elsewhere
   */
  constructor(role, png, changed) {
    this.role = role;
    /** @type {Box[]} */ this.boxes = [];
    /** @type {Box[]} masks of another picture that cover a part of this one */
    this.inherited = [];
    this._changed = changed;
    this._image = /** @type {HTMLImageElement} */ (make("img", { alt: "", draggable: "false" }));
    this._svg = document.createElementNS(SVG, "svg");
    this._frame = make("div", { class: "stage", id: `stage-${role}` }, this._image);
    this._frame.append(this._svg);
    this.element = make("figure", {}, make("figcaption", {}, words(`mask_${role}`)), this._frame);
    this._image.src = URL.createObjectURL(png);
    this._listen();
  }

  /** Resolves once the picture has its size. */
  async ready() {
    await this._image.decode();
    this._svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    // At the size at which it was seen; a picture of twice as many pixels is no larger for the eye.
    this._image.style.width = `${this.width / devicePixelRatio}px`;
  }

  get width() {
    return this._image.naturalWidth;
  }

  get height() {
    return this._image.naturalHeight;
  }

  /** @param {boolean} isOut not sent at all */
  setOut(isOut) {
    this._frame.classList.toggle("out", isOut);
  }

  /** A mask in the middle of what can be seen of the picture, ready for the keys. */
  add() {
    const box = this._image.getBoundingClientRect();
    const scale = this.width / box.width;
    const middle = { x: this.width / 2, y: (Math.max(0, Math.min(innerHeight, box.bottom) + Math.max(0, box.top)) / 2 - box.top) * scale };
    const half = { x: this.width / SHARE / 2, y: SIDE };
    this._put([...this.boxes, this._within([middle.x - half.x, middle.y - half.y, middle.x + half.x, middle.y + half.y])]);
    this._focus(this.boxes.length - 1);
  }

  /** @param {Box[]} boxes */
  show(boxes) {
    this.boxes = boxes;
    this.draw();
  }

  /** Draws everything anew. */
  draw() {
    const own = this.boxes.map((box, index) => this._rect(box, index));
    this._svg.replaceChildren(...this._tiles(), ...own);
  }

  /** The tiles that will be grey: whole ones, so that no half letter tells the rest. */
  _tiles() {
    const { columns } = grid(this.width, this.height);
    const hidden = touched([...this.boxes, ...this.inherited], this.width, this.height);
    return [...hidden].map((number) => {
      const place = { x: (number % columns) * SIDE, y: Math.floor(number / columns) * SIDE };
      return shape({ class: "tile", ...place, width: Math.min(SIDE, this.width - place.x), height: Math.min(SIDE, this.height - place.y) });
    });
  }

  /** @param {Box} box @param {number} index */
  _rect([left, top, right, bottom], index) {
    const label = words("mask_one", [String(index + 1), ...[left, top, right - left, bottom - top].map((side) => String(Math.round(side)))]);
    const rect = shape({ class: "mask", x: left, y: top, width: right - left, height: bottom - top, tabindex: 0, role: "button", "aria-label": label });
    rect.addEventListener("keydown", (event) => this._onKey(/** @type {KeyboardEvent} */ (event), index));
    return rect;
  }

  /** @param {KeyboardEvent} event @param {number} index */
  _onKey(event, index) {
    const [left, top, right, bottom] = this.boxes[index];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this._put(this.boxes.filter((_, at) => at !== index));
      return this._focus(Math.max(0, index - 1));
    }
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!way) return;
    event.preventDefault();
    const start = event.shiftKey ? [left, top] : [left + way[0], top + way[1]];
    const next = [...start, Math.max(start[0] + SIDE, right + way[0]), Math.max(start[1] + SIDE, bottom + way[1])];
    this._put(this.boxes.map((box, at) => (at === index ? this._within(next) : box)));
    this._focus(index);
  }

  /** @param {number} index */
  _focus(index) {
    /** @type {SVGElement | undefined} */ ([...this._svg.querySelectorAll(".mask")][index])?.focus();
  }

  _listen() {
    /** @type {{x: number, y: number, index: number, box: Box | null} | null} */
    let drag = null;
    this._frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      event.preventDefault();
      this._frame.setPointerCapture(event.pointerId);
      const index = [...this._svg.querySelectorAll(".mask")].indexOf(/** @type {Element} */ (event.target));
      drag = { ...this._point(event), index, box: this.boxes[index] ?? null };
      this._before = this.boxes;
    });
    this._frame.addEventListener("pointermove", (event) => {
      if (drag && this._before) this.show(this._dragged(drag, this._point(event)));
    });
    const end = (/** @type {PointerEvent} */ event) => {
      if (!drag || !this._before) return;
      const boxes = this._dragged(drag, this._point(event)).filter(([left, top, right, bottom]) => right - left >= SMALLEST && bottom - top >= SMALLEST);
      const isChanged = JSON.stringify(boxes) !== JSON.stringify(this._before);
      this.boxes = this._before;
      const { index } = drag;
      drag = null;
      if (isChanged) this._put(boxes);
      else this.draw();
      this._focus(index < 0 ? this.boxes.length - 1 : index);
    };
    this._frame.addEventListener("pointerup", end);
    this._frame.addEventListener("pointercancel", end);
  }

  /** @param {{x: number, y: number, index: number, box: Box | null}} drag @param {{x: number, y: number}} to */
  _dragged(drag, to) {
    const before = this._before ?? [];
    if (!drag.box) return [...before, this._within([Math.min(drag.x, to.x), Math.min(drag.y, to.y), Math.max(drag.x, to.x), Math.max(drag.y, to.y)])];
    const [left, top, right, bottom] = drag.box;
    const by = { x: to.x - drag.x, y: to.y - drag.y };
    const moved = this._within([left + by.x, top + by.y, right + by.x, bottom + by.y]);
    return before.map((box, at) => (at === drag.index ? moved : box));
  }

  /** @param {PointerEvent} event @returns {{x: number, y: number}} pixels of the picture */
  _point(event) {
    const box = this._image.getBoundingClientRect();
    const scale = this.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  /** @param {Box} box @returns {Box} in whole pixels, inside the picture */
  _within([left, top, right, bottom]) {
    const clamp = (/** @type {number} */ side, /** @type {number} */ most) => Math.round(Math.min(Math.max(0, side), most));
    return [clamp(left, this.width), clamp(top, this.height), clamp(right, this.width), clamp(bottom, this.height)];
  }

  /** @param {Box[]} boxes */
  _put(boxes) {
    this._changed();
    this.boxes = boxes;
    this.draw();
    this._frame.dispatchEvent(new Event("masks", { bubbles: true }));
  }
}

/** @param {Record<string, string | number>} attributes */
function shape(attributes) {
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, String(value));
  return rect;
}
