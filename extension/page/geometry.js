// Where a post stands on the page, which part of it can be seen, and how to bring another part up.
// Everything is in CSS pixels from the top left corner of the tab's window, also for a post in a
// frame of the same origin: its frames are walked outwards.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const IMAGE_WAIT_MS = 1500;
  const FRAME_WAIT_MS = 500;
  /** Ratios that need more CSS pixels than this for a whole device pixel are left as they are. */
  const MOST_UNIT = 20;
  const HTML = "http://www.w3.org/1999/xhtml";

  /** The element above, also out of a shadow root or a slot. */
  P.parentOf = (element) => {
    if (element.assignedSlot) return element.assignedSlot;
    if (element.parentElement) return element.parentElement;
    return P.hostOf(element.getRootNode());
  };

  /** Told by its form: in another document of the same origin a shadow root is no `ShadowRoot` of ours. */
  P.hostOf = (root) => (root.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? (/** @type {ShadowRoot} */ (root).host ?? null) : null);

  /** What an element hides inside, closed or not. The browser refuses the question for SVG. */
  P.shadowOf = (element) => {
    if (element.namespaceURI !== HTML) return element.shadowRoot;
    const own = /** @type {any} */ (element).openOrClosedShadowRoot; // Firefox's name for it
    return chrome.dom?.openOrClosedShadowRoot?.(/** @type {HTMLElement} */ (element)) ?? own ?? element.shadowRoot;
  };

  P.framesAbove = (view) => {
    const found = [];
    for (let at = view; at.frameElement; at = /** @type {Window & typeof globalThis} */ (at.parent)) found.push(at.frameElement);
    return found;
  };

  /** In a frame of another origin nobody knows where on the screen it stands. */
  P.canBeSeen = () => {
    let at = /** @type {Window} */ (window);
    while (at.frameElement) at = at.parent;
    return at === at.parent;
  };

  /** @param {Box} box @param {{left: number, top: number}} by @returns {Box} */
  const moved = (box, by) => ({ left: box.left + by.left, top: box.top + by.top, right: box.right + by.left, bottom: box.bottom + by.top });

  /** @param {Box} one @param {Box} other @returns {Box} */
  const common = (one, other) => ({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });

  /** Where a frame's own window begins. @param {Element} frame */
  const cornerOf = (frame) => {
    const { left, top } = frame.getBoundingClientRect();
    const { paddingLeft, paddingTop } = getComputedStyle(frame);
    return { left: left + frame.clientLeft + parseFloat(paddingLeft), top: top + frame.clientTop + parseFloat(paddingTop) };
  };

  /** @param {Element} element */
  const plainBox = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };

  /** @param {Element} element @returns {Window & typeof globalThis} */
  const viewOf = (element) => element.ownerDocument.defaultView ?? window;

  P.boxOf = (element) => P.framesAbove(viewOf(element)).reduce((box, frame) => moved(box, cornerOf(frame)), plainBox(element));

  P.clipOf = (element) =>
    P.framesAbove(viewOf(element)).reduce((clip, frame) => common(moved(clip, cornerOf(frame)), visiblePart(frame)), visiblePart(element));

  P.geometry = (post) => ({ windowWidth: outermost().innerWidth, scale: devicePixelRatio, post: P.boxOf(post), clip: P.clipOf(post) });

  const outermost = () => {
    const frame = P.framesAbove(window).at(-1);
    return frame ? viewOf(frame) : window;
  };

  /** The window without its scroll bars. @param {Document} own @returns {Box} */
  const viewport = (own) => {
    const root = own.compatMode === "BackCompat" && own.body ? own.body : own.documentElement;
    return { left: 0, top: 0, right: root.clientWidth, bottom: root.clientHeight };
  };

  /** An element's window cut down by every box around it that hides what overflows. @param {Element} element */
  const visiblePart = (element) =>
    P.clippers(element).reduce((part, box) => common(part, inside(box)), viewport(element.ownerDocument));

  /** A box without its borders and scroll bars. @param {Element} element @returns {Box} */
  const inside = (element) => {
    const box = element.getBoundingClientRect();
    const left = box.left + element.clientLeft;
    const top = box.top + element.clientTop;
    return { left, top, right: left + element.clientWidth, bottom: top + element.clientHeight };
  };

  /** The boxes around a post that hide what overflows, from the inside out. */
  P.clippers = (post) => {
    const found = [];
    for (let at = P.parentOf(post); at; at = P.parentOf(at)) {
      if (at === at.ownerDocument.body || at === at.ownerDocument.documentElement) continue;
      const { overflowX, overflowY, display } = getComputedStyle(at);
      const isBox = display !== "inline" && display !== "contents";
      if (isBox && (overflowX !== "visible" || overflowY !== "visible")) found.push(at);
    }
    return found;
  };

  /** @param {Element} post @returns {Element[]} what can be scrolled downwards around the post */
  const scrollers = (post) => [post, ...P.framesAbove(window)].flatMap(ownScrollers);

  /** @param {Element} element */
  const ownScrollers = (element) => {
    const inner = P.clippers(element).filter((box) => {
      const { overflowY } = getComputedStyle(box);
      return overflowY !== "visible" && overflowY !== "clip" && box.scrollHeight > box.clientHeight;
    });
    const own = element.ownerDocument;
    return [...inner, own.scrollingElement ?? own.documentElement];
  };

  /**
   * By scrolling, not by `scrollIntoView`: Firefox goes back to what that was asked for whenever it
   * lays the page out anew, and takes back where we scroll to after it.
   */
  P.bringIntoView = (post) => {
    const { post: first, clip } = P.geometry(post);
    if (first.top >= clip.top && first.bottom <= clip.bottom) return;
    const isTall = first.bottom - first.top > clip.bottom - clip.top;
    for (const scroller of scrollers(post)) {
      const box = P.boxOf(post);
      const port = portOf(scroller);
      const top = isTall ? box.top - port.top : (box.top + box.bottom - port.top - port.bottom) / 2;
      const left = nearest(box.left, box.right, port.left, port.right);
      scroller.scrollBy({ left: Math.floor(left), top: Math.floor(top), behavior: "instant" });
    }
  };

  /** Where what an element scrolls can be seen. @param {Element} scroller @returns {Box} */
  const portOf = (scroller) => {
    const own = scroller.ownerDocument;
    const isWhole = scroller === own.scrollingElement || scroller === own.documentElement;
    const port = isWhole ? viewport(own) : inside(scroller);
    return P.framesAbove(viewOf(scroller)).reduce((box, frame) => moved(box, cornerOf(frame)), port);
  };

  /** How far to scroll, at least, so that a stretch is in another or fills it. @param {number} low @param {number} high @param {number} from @param {number} to */
  const nearest = (low, high, from, to) => {
    if ((low >= from && high <= to) || (low <= from && high >= to)) return 0;
    const isSmall = high - low <= to - from;
    return low < from === isSmall ? low - from : high - to;
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

  /** Firefox scrolls by parts of a device pixel too, and then draws a page a row off its place. @param {Element} post */
  P.align = (post) => {
    if (!P.isFirefox) return;
    const unit = wholeUnit(devicePixelRatio);
    for (const scroller of scrollers(post)) {
      const top = Math.round(scroller.scrollTop / unit) * unit;
      if (scroller.scrollTop !== top) scroller.scrollTo({ left: scroller.scrollLeft, top, behavior: "instant" });
    }
  };

  /** The fewest CSS pixels that are whole device pixels. @param {number} ratio */
  const wholeUnit = (ratio) => {
    for (let unit = 1; unit < MOST_UNIT; unit += 1) if (Math.abs(unit * ratio - Math.round(unit * ratio)) < 0.001) return unit;
    return 1;
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
    const { bottom } = viewport(document);
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
