// Where each word stands in a picture: what a mask covers there is hidden in what is told in words, too.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const MOST = 20_000;

  P.wordBoxes = (post) => {
    const box = post.getBoundingClientRect();
    const shown = P.geometry(post);
    // the picture begins where the post can be seen, which may be right of its edge
    const left = Math.max(0, shown.clip.left - shown.post.left);
    return wordsIn(post, { x: -box.left - left, y: -box.top });
  };

  P.wordsAround = () => wordsIn(document.body, P.frameCorner(), (rect) => rect.bottom > 0 && rect.top < innerHeight);

  /** @param {Element} root @param {{x: number, y: number}} corner from the window's to the picture's @param {(rect: DOMRect) => boolean} [isMeant] */
  const wordsIn = (root, corner, isMeant = () => true) => {
    /** @type {WordBox[]} */ const found = [];
    const range = new Range();
    for (const [run, { node }] of P.textNodes(root).entries()) {
      range.selectNodeContents(node);
      if (!isMeant(range.getBoundingClientRect())) continue;
      for (const match of node.data.matchAll(/\S+/gu)) {
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        for (const rect of range.getClientRects()) {
          if (found.length >= MOST) return found;
          const place = [rect.left + corner.x, rect.top + corner.y, rect.right + corner.x, rect.bottom + corner.y];
          found.push({ run, word: match[0], box: place.map((side) => Math.round(side * devicePixelRatio)) });
        }
      }
    }
    return found;
  };
})();
