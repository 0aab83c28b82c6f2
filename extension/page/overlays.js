// Headers that stay in place while the page scrolls would stand in every part of a tall picture.
// They are hidden for as long as the pictures are taken, and put back as they were.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  /**
   * @param {Element} post
   * @returns {{around: HTMLElement[], within: HTMLElement[]}} what stays in place: outside the post
   *   (but not holding it), also around its frame, and inside it
   */
  const stayers = (post) => {
    /** @type {HTMLElement[]} */ const around = [];
    /** @type {HTMLElement[]} */ const within = [];
    const documents = [document, ...P.framesAbove(window).map((frame) => frame.ownerDocument)];
    for (const element of documents.flatMap((own) => [...everyElement(own)])) {
      const { position } = getComputedStyle(element);
      if (position !== "fixed" && position !== "sticky") continue;
      if (!isStyled(element) || holds(element, post)) continue;
      (holds(post, element) ? within : around).push(element);
    }
    return { around, within };
  };

  /** Told by its form: an element of an outer document is no `HTMLElement` of this one. @param {Element} element @returns {element is HTMLElement} */
  const isStyled = (element) => "style" in element && element.localName !== "rature-marks";

  /** @param {Document | ShadowRoot} root @returns {Generator<Element>} shadow roots included */
  function* everyElement(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      const shadow = P.shadowOf(element);
      if (shadow) yield* everyElement(shadow);
    }
  }

  /** @param {Element} outer @param {Element} inner in the same document, or in a frame of it */
  const holds = (outer, inner) => {
    for (let at = /** @type {Element | null} */ (inner); at; at = P.parentOf(at) ?? at.ownerDocument.defaultView?.frameElement ?? null) {
      if (at === outer) return true;
    }
    return false;
  };

  P.overlaps = (post) => {
    const own = P.boxOf(post);
    return stayers(post).around.some((element) => {
      const box = P.boxOf(element);
      const isSeen = box.right > box.left && box.bottom > box.top && getComputedStyle(element).visibility === "visible";
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
    // Parts that the browser leaves undrawn while they are out of the window have another height then.
    for (const element of [post, ...everyBelow(post)]) {
      if (isStyled(element) && getComputedStyle(element).contentVisibility === "auto") undo.push(set(element, { "content-visibility": "visible" }));
    }
    undo.push(holdStill(post));
    return () => undo.forEach((restore) => restore());
  };

  /** @param {Element} post */
  const everyBelow = (post) => [...post.querySelectorAll("*")];

  /** What moves in the post would be in one picture here, in the next one there. @param {Element} post */
  const holdStill = (post) => {
    const running = post.getAnimations({ subtree: true }).filter((each) => each.playState === "running");
    for (const each of running) each.pause();
    return () => running.forEach((each) => each.play());
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
