// Picking a post: the outline follows the mouse; arrow up widens, down narrows, left and right go to
// the neighbours; Enter or a click captures; Escape leaves. Only what a person does counts: events
// that the page's own scripts make are not trusted, and none of ours reaches the page.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const MUTED = ["pointerdown", "pointerup", "mousedown", "mouseup", "dblclick", "contextmenu", "auxclick", "keyup", "keypress"];
  const FRAMES = /^i?frame$/u;

  P.pick = (isKeptBack = false) => {
    if (P.isPicking || !P.canBeSeen()) return;
    P.isPicking = true;
    const marks = P.makeMarks();
    const events = new AbortController();

    /** @type {Element[]} from the picked item outwards; what was narrower comes back with arrow down */
    let chain = [];
    let place = 0;
    /** @type {EventTarget | null} */
    let under = null;
    /** @type {Element | null} where the mouse is, until the next frame chooses it */
    let waiting = null;

    const end = () => {
      events.abort();
      P.isPicking = false;
      marks.hide();
    };
    P.endPicking = end;

    const leave = () => {
      end();
      if (hasFrames()) void P.ask("picker.leave");
    };

    /** @param {Event} event */
    const swallow = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };

    /** @param {Element} element the deepest one under the mouse */
    const choose = (element) => {
      if (FRAMES.test(element.localName) && !showForeign(element)) return marks.unoutline();
      const item = RatureReader.itemAround(element);
      chain = [];
      for (let at = /** @type {Element | null} */ (element); at && at !== document.documentElement; at = P.parentOf(at)) {
        if (at !== document.body && hasSize(at)) chain.push(at);
      }
      place = Math.max(0, chain.indexOf(item));
      show();
    };

    /** A frame of another site is closed to us: that is said. @param {Element} element */
    const showForeign = (element) => {
      if (!isForeign(element)) return false;
      const address = element.getAttribute("src") ?? "";
      marks.hint(P.words("picker_foreign", [URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).host : ""]));
      return true;
    };

    /** @param {Element} element */
    const isForeign = (element) => FRAMES.test(element.localName) && !(/** @type {HTMLIFrameElement} */ (element).contentDocument);

    const cover = () => marks.cover([...document.querySelectorAll("iframe, frame")].filter(isForeign).filter(hasSize));

    const onScroll = () => {
      show();
      cover();
    };

    /** @param {Element} element */
    const hasSize = (element) => {
      const { width, height } = element.getBoundingClientRect();
      return width >= 8 && height >= 8;
    };

    const current = () => chain[place];

    const show = () => {
      const post = current();
      if (post) marks.outline(post, firstWords(post));
    };

    /** @param {Element} post */
    const firstWords = (post) => (post instanceof HTMLElement ? post.innerText : (post.textContent ?? "")).replace(/\s+/gu, " ").trim().slice(0, 90);

    /** A closed frame lies under a pane of ours, because it tells nothing of the mouse. @param {MouseEvent} event */
    const targetOf = (event) => {
      const [target] = event.composedPath();
      const isPane = target instanceof Element && target.localName === "rature-marks";
      return isPane ? document.elementsFromPoint(event.clientX, event.clientY).find(isForeign) : target;
    };

    /** @param {MouseEvent} event */
    const onMove = (event) => {
      if (!event.isTrusted) return;
      const target = targetOf(event);
      // Keys go to the frame that has the focus: to the one under the mouse.
      if (hasFrames() && !document.hasFocus()) window.focus();
      if (target === under || !(target instanceof Element)) return;
      under = target;
      const isAsked = waiting !== null;
      waiting = target;
      // Reading the page takes longer than the mouse needs for a pixel: once a frame is enough.
      if (!isAsked) requestAnimationFrame(() => P.isPicking && settle());
    };

    /** Chooses where the mouse is by now: who clicks before the next frame means that place too. */
    const settle = () => {
      const target = waiting;
      waiting = null;
      if (target?.isConnected) choose(target);
    };

    /** @param {number} step */
    const widen = (step) => {
      place = Math.min(Math.max(0, place + step), chain.length - 1);
      show();
    };

    /** @param {"nextElementSibling" | "previousElementSibling"} way */
    const neighbour = (way) => {
      let next = current()?.[way];
      while (next && !hasSize(next)) next = next[way];
      if (!next) return;
      P.bringIntoView(next);
      const wider = chain.slice(place + 1);
      chain = [next, ...wider];
      place = 0;
      show();
    };

    /** @param {boolean} isShifted whether names and faces are hidden first, before anything is sent */
    const capture = (isShifted) => {
      const post = current();
      if (!post) return;
      events.abort();
      P.endPicking = () => undefined;
      void P.capture(post, marks, isShifted || isKeptBack);
    };

    /** The mouse went on into a frame, whose own picker follows it there, or out of the window. @param {MouseEvent} event */
    const onOut = (event) => {
      if (!event.isTrusted || event.relatedTarget !== null) return;
      under = waiting = null;
      marks.unoutline();
    };

    /** @type {Record<string, (isHeld: boolean) => void>} */
    const KEYS = {
      ArrowUp: () => widen(1),
      ArrowDown: () => widen(-1),
      ArrowLeft: () => neighbour("previousElementSibling"),
      ArrowRight: () => neighbour("nextElementSibling"),
      Enter: capture,
      Escape: leave,
    };

    /** @param {KeyboardEvent} event */
    const onKey = (event) => {
      if (!event.isTrusted || !Object.hasOwn(KEYS, event.key)) return;
      swallow(event);
      settle();
      KEYS[event.key](event.shiftKey);
    };

    /** @param {MouseEvent} event */
    const onClick = (event) => {
      swallow(event);
      if (!event.isTrusted || event.button !== 0) return;
      settle();
      const target = targetOf(event);
      if (target instanceof Element && FRAMES.test(target.localName)) return; // its own picker takes it, or nobody can
      if (target !== under && target instanceof Element) choose(target);
      capture(event.shiftKey);
    };

    const listening = { capture: true, signal: events.signal };
    addEventListener("mousemove", onMove, listening);
    addEventListener("mouseout", onOut, listening);
    addEventListener("click", onClick, listening);
    addEventListener("keydown", onKey, listening);
    addEventListener("scroll", onScroll, { ...listening, passive: true });
    addEventListener("resize", onScroll, { ...listening, passive: true });
    for (const name of MUTED) addEventListener(name, swallow, listening);

    cover();
    if (window !== top) return;
    const first = underMouse() ?? document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    if (first) choose(first);
    marks.hint(P.words("picker_hint"));
    window.focus();
  };

  /** Called by a key, the mouse may rest on the post that is meant; it tells nothing until it moves. */
  const underMouse = () => [...document.querySelectorAll("body :hover")].at(-1);

  const hasFrames = () => window.length > 0 || window !== top;

  /** The post whose button was pressed is taken without picking. */
  const takeChosen = () => {
    const post = P.chosen;
    P.chosen = null;
    if (!post?.isConnected || P.isPicking) return false;
    P.isPicking = true;
    void P.capture(post, P.makeMarks(), false);
    return true;
  };

  if (!takeChosen()) P.pick();
})();
