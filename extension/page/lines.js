// Whether a picture shows the post's words: each line of text is looked for where it stands.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  /** CSS pixels; what is smaller is there for screen readers alone. */
  const SMALLEST = 3;
  const FORGIVEN = 1;

  P.watchLines = (post, text) => {
    const folded = fold(text);
    /** @type {{element: Element, node: Text, count: number, seen: Set<number>}[]} */
    const runs = textNodes(post)
      .filter(({ node }) => folded.includes(fold(node.data)))
      .map((run) => ({ ...run, count: rectsOf(run.node).length, seen: new Set() }));
    return {
      look() {
        const { post: box, clip } = P.geometry(post);
        const area = { left: Math.max(box.left, clip.left), top: Math.max(box.top, clip.top), right: Math.min(box.right, clip.right), bottom: Math.min(box.bottom, clip.bottom) };
        const corner = shift();
        for (const { element, node, count, seen } of runs) {
          if (seen.size === count || !node.isConnected) continue;
          for (const [place, rect] of rectsOf(node).entries()) if (isSeen(element, rect, area, corner)) seen.add(place);
        }
      },
      count: () => ({
        lines: runs.reduce((sum, { count }) => sum + count, 0),
        seen: runs.reduce((sum, { seen, count }) => sum + Math.min(seen.size, count), 0),
      }),
    };
  };

  /** @param {string} text */
  const fold = (text) => text.replace(/[\s\p{Cf}]+/gu, " ").trim();

  P.textNodes = (post) => textNodes(post);

  /** @param {Element} root @returns {{element: Element, node: Text}[]} shadow roots included */
  const textNodes = (root) => {
    const shadow = P.shadowOf(root);
    if (!isShown(root)) return [];
    return [...(shadow?.childNodes ?? []), ...root.childNodes].flatMap((child) => {
      if (child.nodeType === Node.ELEMENT_NODE) return textNodes(/** @type {Element} */ (child));
      const isText = child.nodeType === Node.TEXT_NODE && fold(child.nodeValue ?? "") !== "";
      return isText ? [{ element: root, node: /** @type {Text} */ (child) }] : [];
    });
  };

  /** Whether somebody with eyes is meant to read what is in it. @param {Element} element */
  const isShown = (element) => {
    if (getComputedStyle(element).display === "contents") return true;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return (width >= SMALLEST && height >= SMALLEST) || getComputedStyle(element).overflow === "visible";
  };

  /** @param {Text} node */
  const rectsOf = (node) => {
    const range = new Range();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
  };

  /** @param {Element} element @param {DOMRect} rect of one line @param {Box} area @param {{x: number, y: number}} corner @returns {boolean} */
  const isSeen = (element, rect, area, corner) => {
    const own = { x: (rect.left + rect.right) / 2, y: (rect.top + rect.bottom) / 2 };
    const middle = { x: own.x + corner.x, y: own.y + corner.y };
    return isIn(middle, area) && isIn(middle, P.clipOf(element)) && !isCovered(element, own);
  };

  /** From this frame's corner to the window's. */
  const shift = () => {
    const root = document.documentElement;
    const inner = root.getBoundingClientRect();
    const outer = P.boxOf(root);
    return { x: outer.left - inner.left, y: outer.top - inner.top };
  };

  P.frameCorner = () => shift();

  /** @param {{x: number, y: number}} point @param {Box} box */
  const isIn = ({ x, y }, box) =>
    x >= box.left - FORGIVEN && x <= box.right + FORGIVEN && y >= box.top - FORGIVEN && y <= box.bottom + FORGIVEN;

  /** @param {Element} element @param {{x: number, y: number}} point */
  const isCovered = (element, { x, y }) => {
    const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
    const hit = root.elementFromPoint?.(x, y);
    if (!hit || hit === element || hit.contains(element) || element.contains(hit)) return false;
    return !isGlass(hit);
  };

  /** Links are laid over whole posts, and veils over pages: what is under them can be read. @param {Element} element */
  const isGlass = (element) => {
    const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
    const alpha = Number((backgroundColor.match(/[\d.]+/gu) ?? [])[3] ?? 1) * Number(opacity);
    return alpha < 0.5 && backgroundImage === "none" && !/^(?:img|video|canvas|iframe|svg)$/u.test(element.localName);
  };
})();
