// Picking a post: the outline follows the mouse; arrow up widens, down narrows, left and right go to
// the neighbours; Enter or a click captures; Escape leaves. Only what a person does counts: events
// that the page's own scripts make are not trusted, and none of ours reaches the page.
(() => {
  "use strict";
  const P = globalThis.RaturePage;
  if (P.isPicking) return;
  P.isPicking = true;

  const MUTED = ["pointerdown", "pointerup", "mousedown", "mouseup", "dblclick", "contextmenu", "auxclick", "keyup", "keypress"];
  const marks = P.makeMarks();
  const events = new AbortController();

  /** @type {Element[]} from the picked item outwards; what was narrower comes back with arrow down */
  let chain = [];
  let place = 0;
  /** @type {EventTarget | null} */
  let under = null;
  /** @type {Element | null} where the mouse is, until the next frame chooses it */
  let waiting = null;

  const leave = () => {
    events.abort();
    P.isPicking = false;
    marks.hide();
  };

  /** @param {Event} event */
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** @param {Element} element the deepest one under the mouse */
  const choose = (element) => {
    const item = RatureReader.itemAround(element);
    chain = [];
    for (let at = /** @type {Element | null} */ (element); at && at !== document.documentElement; at = P.parentOf(at)) {
      if (at !== document.body && hasSize(at)) chain.push(at);
    }
    place = Math.max(0, chain.indexOf(item));
    show();
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

  /** @param {MouseEvent} event */
  const onMove = (event) => {
    if (!event.isTrusted) return;
    const [target] = event.composedPath();
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
    next.scrollIntoView({ block: "nearest", behavior: "instant" });
    const wider = chain.slice(place + 1);
    chain = [next, ...wider];
    place = 0;
    show();
  };

  const capture = () => {
    const post = current();
    if (!post) return;
    events.abort();
    void P.capture(post, marks);
  };

  /** @type {Record<string, () => void>} */
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
    KEYS[event.key]();
  };

  /** @param {MouseEvent} event */
  const onClick = (event) => {
    swallow(event);
    if (!event.isTrusted || event.button !== 0) return;
    settle();
    const [target] = event.composedPath();
    if (target !== under && target instanceof Element) choose(target);
    capture();
  };

  const listening = { capture: true, signal: events.signal };
  addEventListener("mousemove", onMove, listening);
  addEventListener("click", onClick, listening);
  addEventListener("keydown", onKey, listening);
  addEventListener("scroll", show, { ...listening, passive: true });
  addEventListener("resize", show, { ...listening, passive: true });
  for (const name of MUTED) addEventListener(name, swallow, listening);

  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  if (middle) choose(middle);
  marks.hint(P.words("picker_hint"));
  window.focus();
})();
