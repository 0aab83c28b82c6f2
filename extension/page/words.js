// Where each word of a post stands in its picture: what a mask covers there is hidden in the text too.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const MOST = 20_000;

  P.wordBoxes = (post) => {
    const box = post.getBoundingClientRect();
    const shown = P.geometry(post);
    // the picture begins where the post can be seen, which may be right of its edge
    const left = Math.max(0, shown.clip.left - shown.post.left);
    const found = [];
    const range = new Range();
    for (const [run, { node }] of P.textNodes(post).entries()) {
      for (const match of node.data.matchAll(/\S+/gu)) {
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        for (const rect of range.getClientRects()) {
          if (found.length >= MOST) return found;
          const place = [rect.left - box.left - left, rect.top - box.top, rect.right - box.left - left, rect.bottom - box.top];
          found.push({ run, word: match[0], box: place.map((side) => Math.round(side * devicePixelRatio)) });
        }
      }
    }
    return found;
  };
})();
