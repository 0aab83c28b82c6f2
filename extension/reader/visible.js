// Whether a person can see an element, and whether the page offers a way to unfold it.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** @param {string} colour @returns {number[]} red, green, blue and, where given, alpha */
  const rgba = (colour) => (colour.match(/[\d.]+/gu) ?? []).map(Number);

  /** @param {string} colour */
  const isClear = (colour) => {
    const parts = rgba(colour);
    return colour === "transparent" || (parts.length === 4 && parts[3] < 0.05);
  };

  /**
   * The colour behind an element, or null when a picture or gradient makes it unknowable.
   * @param {Element} element
   */
  const backgroundOf = (element) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      if (!isClear(style.backgroundColor)) return style.backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };

  /** @param {string} one @param {string} other */
  const sameColour = (one, other) => {
    const [a, b] = [rgba(one), rgba(other)];
    return [0, 1, 2].every((at) => Math.abs(a[at] - b[at]) <= 3) && (a[3] ?? 1) > 0.05;
  };

  /** @param {Element} element */
  const clippedAway = (element) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) {
      const style = getComputedStyle(at);
      if (/inset\((?:50|100)%|circle\(0|polygon\(0(?:px)? 0(?:px)?\)/u.test(style.clipPath)) return true;
      if (/rect\((?:0px|1px),? (?:0px|1px),? (?:0px|1px),? (?:0px|1px)\)/u.test(style.clip)) return true;
      if (style.overflow !== "visible" || style.overflowY !== "visible") {
        const box = at.getBoundingClientRect();
        if (box.height < 2 || box.width < 2) return style.display !== "contents" && style.display !== "inline";
      }
    }
    return false;
  };

  /** @param {Element} element */
  const faded = (element) => {
    let opacity = 1;
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) opacity *= Number(getComputedStyle(at).opacity);
    return opacity < 0.05;
  };

  /** @param {DOMRect} box in CSS pixels from the window's top left corner */
  const offPage = (box) => {
    const root = document.scrollingElement ?? document.documentElement;
    return box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || box.left + scrollX >= Math.max(root.scrollWidth, innerWidth);
  };

  /** Why nobody can see an element: a short word, or null when it can be seen. */
  R.hiddenBy = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return foldedBy(element) ?? "not displayed";
    if (faded(element)) return "opacity";
    const range = document.createRange();
    range.selectNodeContents(element);
    const inner = range.getBoundingClientRect();
    const box = inner.width && inner.height ? inner : element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return "size";
    if (offPage(box)) return "off the page";
    if (clippedAway(element)) return "clipped";
    const style = getComputedStyle(element);
    if (parseFloat(style.fontSize) < 2) return "size";
    if (isClear(style.webkitTextFillColor || style.color)) return "colour";
    const background = backgroundOf(element);
    return background && sameColour(style.color, background) ? "colour" : null;
  };

  /** @param {Element} element */
  const foldedBy = (element) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) {
      if (at.tagName === "DETAILS" && !(/** @type {HTMLDetailsElement} */ (at).open)) return "folded";
      if (at.getAttribute("hidden") === "until-found") return "folded";
      if (at.id && document.querySelector(`[aria-controls~="${CSS.escape(at.id)}"]`)) return "folded";
    }
    return null;
  };

  /** Whether the page offers something to unfold near a hidden element. */
  R.canUnfold = (element) => {
    if (foldedBy(element)) return true;
    for (let at = /** @type {Element | null} */ (element), steps = 0; at && steps < 6; at = R.parentOf(at), steps += 1) {
      const before = at.previousElementSibling;
      const after = at.nextElementSibling;
      for (const near of [before, after]) {
        if (near?.matches("[aria-expanded=false],summary") || near?.querySelector("[aria-expanded=false]")) return true;
      }
    }
    return false;
  };
})();
