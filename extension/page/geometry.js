// Where a post stands on the page, which part of it can be seen, and how to bring another part up.
// Everything is in CSS pixels from the window's top left corner.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const IMAGE_WAIT_MS = 1500;
  const FRAME_WAIT_MS = 500;

  /** The element above, also out of a shadow root or a slot. */
  P.parentOf = (element) => {
    if (element.assignedSlot) return element.assignedSlot;
    if (element.parentElement) return element.parentElement;
    const root = element.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  };

  /** What an element hides inside, closed or not. The browser refuses the question for SVG. */
  P.shadowOf = (element) => {
    if (!(element instanceof HTMLElement)) return element.shadowRoot;
    const own = /** @type {any} */ (element).openOrClosedShadowRoot; // Firefox's name for it
    return chrome.dom?.openOrClosedShadowRoot?.(element) ?? own ?? element.shadowRoot;
  };

  P.geometry = (post) => {
    const { left, top, right, bottom } = post.getBoundingClientRect();
    return { windowWidth: innerWidth, scale: P.isFirefox ? devicePixelRatio : null, post: { left, top, right, bottom }, clip: visiblePart(post) };
  };

  /** The window without its scroll bars. @returns {Box} */
  const viewport = () => {
    const root = document.compatMode === "BackCompat" && document.body ? document.body : document.documentElement;
    return { left: 0, top: 0, right: root.clientWidth, bottom: root.clientHeight };
  };

  /** The window cut down by every box around the post that hides what overflows. @param {Element} post */
  const visiblePart = (post) => {
    const part = viewport();
    for (const box of P.clippers(post)) {
      const { left, top } = box.getBoundingClientRect();
      const inner = { left: left + box.clientLeft, top: top + box.clientTop };
      part.left = Math.max(part.left, inner.left);
      part.top = Math.max(part.top, inner.top);
      part.right = Math.min(part.right, inner.left + box.clientWidth);
      part.bottom = Math.min(part.bottom, inner.top + box.clientHeight);
    }
    return part;
  };

  /** The boxes around a post that hide what overflows, from the inside out. */
  P.clippers = (post) => {
    const found = [];
    for (let at = P.parentOf(post); at; at = P.parentOf(at)) {
      if (at === document.body || at === document.documentElement) continue;
      const { overflowX, overflowY, display } = getComputedStyle(at);
      const isBox = display !== "inline" && display !== "contents";
      if (isBox && (overflowX !== "visible" || overflowY !== "visible")) found.push(at);
    }
    return found;
  };

  /** @param {Element} post @returns {Element[]} what can be scrolled downwards around the post */
  const scrollers = (post) => {
    const inner = P.clippers(post).filter((box) => {
      const { overflowY } = getComputedStyle(box);
      return overflowY !== "visible" && overflowY !== "clip" && box.scrollHeight > box.clientHeight;
    });
    return [...inner, document.scrollingElement ?? document.documentElement];
  };

  P.bringIntoView = (post) => {
    const { post: box, clip } = P.geometry(post);
    if (box.top >= clip.top && box.bottom <= clip.bottom) return;
    const block = box.bottom - box.top <= clip.bottom - clip.top ? "center" : "start";
    post.scrollIntoView({ block, inline: "nearest", behavior: "instant" });
  };

  /**
   * Scrolls so that a row of the post is at the top of the part that can be seen. One row more comes
   * with it: a post may begin between two pixels, and its first one must not be cut.
   */
  P.scrollTo = (post, row) => {
    for (const scroller of scrollers(post)) {
      const { post: box, clip } = P.geometry(post);
      const wanted = Math.floor(box.top + row - clip.top) - 1;
      if (wanted === 0) return;
      scroller.scrollBy({ top: wanted, behavior: "instant" });
    }
  };

  P.rememberScroll = (post) => {
    const places = scrollers(post).map((box) => ({ box, left: box.scrollLeft, top: box.scrollTop }));
    return () => {
      for (const { box, left, top } of places) box.scrollTo({ left, top, behavior: "instant" });
    };
  };

  /** Waits until the post's pictures in the window are there and the page has been drawn anew. */
  P.settled = async (post) => {
    await Promise.race([picturesLoaded(post), pause(IMAGE_WAIT_MS)]);
    await nextFrame();
    await nextFrame();
  };

  /** @param {Element} post */
  const picturesLoaded = (post) => {
    const { bottom } = viewport();
    const pending = [...post.querySelectorAll("img")].filter((image) => {
      const box = image.getBoundingClientRect();
      return !image.complete && box.bottom > 0 && box.top < bottom;
    });
    return Promise.allSettled(pending.map((image) => image.decode()));
  };

  /** A hidden tab draws no frames: then time goes on all the same. */
  const nextFrame = () =>
    Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), pause(FRAME_WAIT_MS)]);

  /** @param {number} ms */
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
})();
