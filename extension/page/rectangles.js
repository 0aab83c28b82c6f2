// Firefox pictures any rectangle of a page, also what is outside of the window: a tall post needs no
// scrolling while it is pictured, and no joining unless it is very tall.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  /** Firefox draws no picture with a side of more than 32,767 device pixels. */
  const LONGEST_SIDE = 30_000;
  /** Taller than the result may be anyway; see MAX_SIDE in lib/stitch.js. */
  const MOST_RECTANGLES = 4;
  /** Borders on whole device pixels at every usual pixel ratio, so that nothing is resampled. */
  const GRID = 60;
  const FORGIVEN = 0.5;

  P.canPictureWhole = (post) => {
    if (!P.isFirefox) return false;
    const box = P.boxOf(post);
    return P.clippers(post).every((around) => shows(around, box)) && P.framesAbove(window).every((frame) => shows(frame, box));
  };

  /** @param {Element} around @param {Box} box */
  const shows = (around, box) => {
    const outer = P.boxOf(around);
    const inner = { left: outer.left + around.clientLeft, top: outer.top + around.clientTop };
    const isHigh = box.top >= inner.top - FORGIVEN && box.bottom <= inner.top + around.clientHeight + FORGIVEN;
    return isHigh && box.left >= inner.left - FORGIVEN && box.right <= inner.left + around.clientWidth + FORGIVEN;
  };

  /** Shows every part of the post once, so that what loads only when it is seen is there. */
  P.walk = async (post, look) => {
    const { post: box, clip } = P.geometry(post);
    const step = Math.max(100, clip.bottom - clip.top);
    for (let row = 0; row < box.bottom - box.top; row += step) {
      P.scrollTo(post, row);
      await P.settled(post);
      look();
    }
    P.scrollTo(post, 0);
    P.align(post);
    await P.settled(post);
    look();
  };

  P.rectangles = (post) => {
    const box = P.boxOf(post);
    const frame = P.framesAbove(window).at(-1);
    const { scrollX, scrollY } = frame?.ownerDocument.defaultView ?? window;
    // From the document's corner, which the scroll position does not move.
    const own = { left: box.left + scrollX, top: box.top + scrollY, right: box.right + scrollX, bottom: box.bottom + scrollY };
    const x = down(own.left);
    const width = up(own.right) - x;
    const most = down(LONGEST_SIDE / devicePixelRatio);
    const found = [];
    for (let y = down(own.top); y < own.bottom && found.length < MOST_RECTANGLES; y += most) {
      const height = Math.min(most, up(own.bottom) - y);
      const post = { left: own.left - x, top: own.top - y, right: own.right - x, bottom: own.bottom - y };
      const clip = { left: 0, top: 0, right: width, bottom: height };
      found.push({ rect: { x, y, width, height }, geometry: { windowWidth: width, scale: devicePixelRatio, post, clip } });
    }
    return found;
  };

  /** @param {number} length */
  const down = (length) => Math.floor(length / GRID) * GRID;

  /** @param {number} length */
  const up = (length) => Math.ceil(length / GRID) * GRID;
})();
