// Headers that stay in place while the page scrolls would stand in every part of a tall picture.
// They are hidden for as long as the pictures are taken, and put back as they were.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  /**
   * @param {Element} post
   * @returns {{around: HTMLElement[], within: HTMLElement[]}} what stays in place: outside the post
   *   (but not holding it), and inside it
   */
  const stayers = (post) => {
    /** @type {HTMLElement[]} */ const around = [];
    /** @type {HTMLElement[]} */ const within = [];
    for (const element of everyElement(document)) {
      const { position } = getComputedStyle(element);
      if (position !== "fixed" && position !== "sticky") continue;
      if (!(element instanceof HTMLElement) || holds(element, post)) continue;
      (holds(post, element) ? within : around).push(element);
    }
    return { around, within };
  };

  /** @param {Document | ShadowRoot} root @returns {Generator<Element>} shadow roots included */
  function* everyElement(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      const shadow = P.shadowOf(element);
      if (shadow) yield* everyElement(shadow);
    }
  }

  /** @param {Element} outer @param {Element} inner */
  const holds = (outer, inner) => {
    for (let at = /** @type {Element | null} */ (inner); at; at = P.parentOf(at)) if (at === outer) return true;
    return false;
  };

  P.overlaps = (post) => {
    const own = post.getBoundingClientRect();
    return stayers(post).around.some((element) => {
      const box = element.getBoundingClientRect();
      const isSeen = box.width > 0 && box.height > 0 && getComputedStyle(element).visibility === "visible";
      return isSeen && box.left < own.right && box.right > own.left && box.top < own.bottom && box.bottom > own.top;
    });
  };

  P.hideOverlays = (post) => {
    const { around, within } = stayers(post);
    /** @type {(() => void)[]} */ const undo = [];
    for (const element of around) undo.push(set(element, { transition: "none", visibility: "hidden" }));
    for (const element of within) {
      const isFixed = getComputedStyle(element).position === "fixed";
      undo.push(set(element, isFixed ? { visibility: "hidden" } : { position: "relative", inset: "auto" }));
    }
    return () => undo.forEach((restore) => restore());
  };

  /** @param {HTMLElement} element @param {Record<string, string>} styles @returns {() => void} puts them back */
  const set = (element, styles) => {
    const before = element.getAttribute("style");
    for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value, "important");
    return () => {
      // Asked for first, because Chromium writes the attribute late: removed unwritten, it stays, empty.
      const isThere = element.getAttribute("style") !== null;
      if (before !== null) element.setAttribute("style", before);
      else if (isThere) element.removeAttribute("style");
    };
  };
})();
