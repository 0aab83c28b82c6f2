// Text as a reader sees it, taken from the DOM without asking for layout.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const SKIPPED = new Set([
    "SCRIPT", "STYLE", "TEMPLATE", "HEAD", "SELECT", "TEXTAREA", "IFRAME", "OBJECT", "DATALIST",
    "svg", "SVG", "MATH", "VIDEO", "AUDIO", "CANVAS",
  ]);
  const BLOCKS = new Set([
    "ADDRESS", "ARTICLE", "ASIDE", "BLOCKQUOTE", "DD", "DETAILS", "DIV", "DL", "DT", "FIGURE",
    "FIGCAPTION", "FOOTER", "FORM", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER", "HR", "LI",
    "MAIN", "NAV", "OL", "P", "PRE", "SECTION", "TABLE", "TBODY", "TD", "TH", "TR", "UL",
    "SUMMARY",
  ]);

  /** White space runs to one space, ends trimmed. */
  R.fold = (text) => text.replace(/\s+/gu, " ").trim();

  /** Whether an element never carries a post's words. */
  R.isSkipped = (element) => SKIPPED.has(element.tagName);

  /** Children as a browser shows them: an open shadow root stands before its host's own. */
  R.childrenOf = (node) => {
    const root = node.shadowRoot;
    const shown = root && root.childNodes.length ? root.childNodes : node.childNodes;
    return /** @type {Iterable<ReadNode>} */ (/** @type {Iterable<Node>} */ (shown));
  };

  /** The element above, out of a shadow root too; null at the top. */
  R.parentOf = (element) => {
    if (element.parentElement) return element.parentElement;
    const root = element.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  };

  /** All elements below `root`, in the page's order, open shadow roots included. */
  R.elementsBelow = (root) => {
    /** @type {Element[]} */ const found = [];
    const walk = (/** @type {Element} */ node) => {
      for (const child of R.childrenOf(node)) {
        if (child.nodeType !== Node.ELEMENT_NODE || R.isSkipped(child)) continue;
        found.push(child);
        walk(child);
      }
    };
    walk(root);
    return found;
  };

  /**
   * The leaves of text below an element, in order: {text, element, node}. `skip(element)` leaves a
   * subtree out. Pictures that stand for a character (emoji) give their `alt`.
   */
  R.leaves = (root, skip = () => false) => {
    /** @type {Leaf[]} */ const found = [];
    const walk = (/** @type {Element} */ node) => {
      for (const child of R.childrenOf(node)) {
        if (child.nodeType === Node.TEXT_NODE) {
          if (child.data.trim()) found.push({ text: child.data, element: node, node: child });
        } else if (child.nodeType === Node.ELEMENT_NODE && !R.isSkipped(child) && !skip(child)) {
          const alt = R.emojiOf(child);
          if (alt) found.push({ text: alt, element: child, node: child });
          else walk(child);
        }
      }
    };
    walk(root);
    return found;
  };

  /** The character that a picture stands for, or "". */
  R.emojiOf = (element) => {
    if (element.tagName !== "IMG") return "";
    const alt = element.getAttribute("alt") || "";
    return alt && alt.length <= 12 && /\p{Extended_Pictographic}/u.test(alt) ? alt : "";
  };

  /**
   * Text with line breaks where blocks and <br> break it. `keep(node)` says which leaves count,
   * `skip(element)` leaves subtrees out.
   */
  R.blockText = (root, keep = () => true, skip = () => false) => {
    let out = "";
    const walk = (/** @type {Element} */ node) => {
      for (const child of R.childrenOf(node)) {
        if (child.nodeType === Node.TEXT_NODE) {
          // a space between two stressed words is no leaf, and no less a space
          if (keep(child) || !child.data.trim()) out += child.data.replace(/\s+/gu, " ");
        } else if (child.nodeType === Node.ELEMENT_NODE && !R.isSkipped(child) && !skip(child)) {
          const block = BLOCKS.has(child.tagName);
          if (child.tagName === "BR") out += "\n";
          else if (R.emojiOf(child)) out += keep(child) ? R.emojiOf(child) : "";
          else {
            if (block) out += "\n";
            walk(child);
            if (block) out += "\n";
          }
        }
      }
    };
    walk(root);
    return out.replace(/[^\S\n]+/gu, " ").replace(/ ?\n[ \n]*/gu, "\n").trim();
  };
})();
