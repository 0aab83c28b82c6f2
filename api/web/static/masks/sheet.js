/**
 * The picture with its boxes on top, drawn and dragged with mouse, pen or finger.
 *
 * @import { Box, Size } from "./boxes.js"
 */
import { fit, hidden, isDrawn, moved } from "./boxes.js";

const SVG = "http://www.w3.org/2000/svg";
/** Sides in CSS pixels: what is seen of a handle, and what a finger hits. */
const HANDLE = 10;
const TOUCH = 28;
/** Corners of a box: which of its numbers each of them moves. */
const CORNERS = [[0, 1], [2, 1], [0, 3], [2, 3]];

/**
 * @typedef {object} Hooks
 * @property {() => boolean} drawing whether a finger draws (or scrolls)
 * @property {(boxes: Box[], selected: number) => void} done a change is complete
 * @property {(index: number) => void} selected a box was chosen
 * @property {(index: number, event: KeyboardEvent) => void} key
 * @property {(index: number, box: Box) => string} name what a box is called
 */

export class Sheet {
  /**
   * @param {HTMLElement} place
   * @param {HTMLImageElement} image
   * @param {Size} size
   * @param {number} side of a tile
   * @param {Hooks} hooks
   */
  constructor(place, image, size, side, hooks) {
    this.place = place;
    this.size = size;
    this.side = side;
    this.hooks = hooks;
    /** @type {Box[]} */
    this.boxes = [];
    this.selected = -1;
    this.svg = make("svg", { viewBox: `0 0 ${size.width} ${size.height}`, preserveAspectRatio: "none" });
    place.append(image, this.svg);
    this.svg.addEventListener("pointerdown", (event) => this.#start(event));
  }

  /** Shows these boxes. @param {Box[]} boxes @param {number} selected */
  show(boxes, selected) {
    this.boxes = boxes;
    this.selected = selected;
    this.#draw();
  }

  /** Gives a box the keyboard. @param {number} index */
  focus(index) {
    /** @type {SVGElement | null} */ (this.svg.querySelector(`[data-box="${index}"]`))?.focus();
  }

  /** CSS pixels for one pixel of the picture. @param {number} scale */
  zoom(scale) {
    this.place.style.width = `${this.size.width * scale}px`;
    this.#draw();
  }

  #draw() {
    const focused = document.activeElement?.getAttribute("data-box");
    const hadFocus = focused !== null && this.svg.contains(document.activeElement);
    const covers = this.boxes.map((box) => rectangle(hidden(box, this.size, this.side), "cover"));
    const outlines = this.boxes.map((box, index) => this.#outline(box, index));
    this.svg.replaceChildren(...covers, ...outlines, ...this.#handles());
    if (hadFocus) this.focus(Number(focused));
  }

  /** @param {Box} box @param {number} index */
  #outline(box, index) {
    const outline = rectangle(box, index === this.selected ? "box selected" : "box");
    outline.setAttribute("data-box", String(index));
    outline.setAttribute("tabindex", "0");
    outline.setAttribute("role", "button");
    outline.setAttribute("aria-label", this.hooks.name(index, box));
    outline.addEventListener("focus", () => {
      if (index !== this.selected) this.hooks.selected(index);
    });
    outline.addEventListener("keydown", (event) => this.hooks.key(index, event));
    return outline;
  }

  #handles() {
    const box = this.boxes[this.selected];
    if (!box) return [];
    const scale = this.#scale();
    return CORNERS.flatMap(([across, down], corner) =>
      [[HANDLE, "handle"], [TOUCH, "touch"]].map(([side, kind]) => {
        const half = Number(side) / 2 / scale;
        const [x, y] = [box[across], box[down]];
        const handle = rectangle([x - half, y - half, x + half, y + half], String(kind));
        if (kind === "touch") handle.setAttribute("data-corner", String(corner));
        return handle;
      }),
    );
  }

  #scale() {
    return (this.svg.getBoundingClientRect().width || this.size.width) / this.size.width;
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #point(event) {
    const frame = this.svg.getBoundingClientRect();
    return [
      ((event.clientX - frame.left) * this.size.width) / frame.width,
      ((event.clientY - frame.top) * this.size.height) / frame.height,
    ];
  }

  /** @param {PointerEvent} event */
  #start(event) {
    if (event.button !== 0 || (event.pointerType === "touch" && !this.hooks.drawing())) return;
    const change = this.#change(/** @type {Element} */ (event.target), this.#point(event));
    if (!change) return;
    event.preventDefault();
    const before = this.boxes;
    const selected = change.index;
    /** @param {PointerEvent} moving */
    const move = (moving) => this.show(change.to(this.#point(moving)), selected);
    const stop = () => {
      this.svg.removeEventListener("pointermove", move);
      this.svg.removeEventListener("pointerup", end);
      this.svg.removeEventListener("pointercancel", cancel);
    };
    const end = () => {
      stop();
      const whole = isDrawn(this.boxes[selected]);
      if (whole) this.hooks.done(this.boxes, selected);
      else this.show(before, -1);
    };
    const cancel = () => {
      stop();
      this.show(before, -1);
    };
    this.svg.setPointerCapture(event.pointerId);
    this.svg.addEventListener("pointermove", move);
    this.svg.addEventListener("pointerup", end);
    this.svg.addEventListener("pointercancel", cancel);
    this.show(change.to(this.#point(event)), selected);
    this.focus(selected);
  }

  /**
   * What dragging from here changes: a corner, a box, or the picture, where a new box begins.
   * @param {Element} target
   * @param {[number, number]} from
   * @returns {{index: number, to: (point: [number, number]) => Box[]} | null}
   */
  #change(target, from) {
    const before = this.boxes;
    const corner = target.getAttribute("data-corner");
    if (corner !== null) {
      const [across, down] = CORNERS[Number(corner)];
      return this.#replacing(before, this.selected, (box, [x, y]) => {
        const drawn = /** @type {Box} */ ([...box]);
        [drawn[across], drawn[down]] = [x, y];
        return fit(drawn, this.size);
      });
    }
    const index = target.getAttribute("data-box");
    if (index !== null) {
      return this.#replacing(before, Number(index), (box, [x, y]) =>
        moved(box, x - from[0], y - from[1], this.size),
      );
    }
    if (!this.hooks.drawing()) return null;
    const begun = fit([from[0], from[1], from[0], from[1]], this.size);
    return this.#replacing([...before, begun], before.length, (_, [x, y]) =>
      fit([from[0], from[1], x, y], this.size),
    );
  }

  /**
   * @param {Box[]} boxes
   * @param {number} index
   * @param {(box: Box, point: [number, number]) => Box} change
   */
  #replacing(boxes, index, change) {
    return {
      index,
      to: (/** @type {[number, number]} */ point) =>
        boxes.map((box, at) => (at === index ? change(box, point) : box)),
    };
  }
}

/** @param {Box} box @param {string} kind */
function rectangle([left, top, right, bottom], kind) {
  return make("rect", {
    x: String(left), y: String(top), width: String(right - left), height: String(bottom - top), class: kind,
  });
}

/** @param {string} name @param {Record<string, string>} attributes @returns {SVGElement} */
function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return /** @type {SVGElement} */ (element);
}
