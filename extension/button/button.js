// On sites that the person allowed: a small button at each post that the site's adapter knows. All of
// it is in one closed shadow root, drawn over the page, so that the page's own layout stays as it is.
// Only a person presses it, and only where it was in plain sight for a while: a page can neither click
// it nor slip it under somebody's mouse. While a post is pictured it is not on the page at all.
(() => {
  "use strict";
  const P = globalThis.RaturePage;
  const R = globalThis.RatureReader;
  if (P.hasButtons) return;
  P.hasButtons = true;

  const SHEET = `
    :host { all: initial !important; position: absolute !important; top: 0 !important; left: 0 !important; display: block !important;
      width: 0 !important; height: 0 !important; z-index: 2147483646 !important; }
    button { all: initial; position: absolute; box-sizing: border-box; width: 28px; height: 28px; border-radius: 50%; cursor: pointer;
      border: 1px solid #e2c4c0; background: #fffdf8; color: #b3261e; text-align: center;
      font: 700 15px/26px Georgia, serif; text-decoration: line-through; }
    button:hover, button:focus-visible { background: #b3261e; color: #fff; }
    button:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px; }
    @media (prefers-color-scheme: dark) { button { background: #24211d; color: #ffb4ab; border-color: #ffb4ab; } }`;
  const MOST = 60;
  const AROUND = 400;
  const PAUSE_MS = 300;
  /** How long a button must have been in plain sight, at its place, before a click on it counts. */
  const SEEN_MS = 500;

  const host = document.createElement("rature-button");
  const root = host.attachShadow({ mode: "closed" });
  P.dress(root, SHEET);
  host.lang = P.words("language");

  /** @type {Map<Element, HTMLButtonElement>} by post */
  const buttons = new Map();
  /** @type {WeakMap<Element, {since: number, isVisible: boolean, place: string}>} */
  const seen = new WeakMap();

  /** Chrome tells whether anything lies over an element or makes it transparent (version 2). */
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const isVisible = /** @type {any} */ (entry).isVisible ?? true;
      const known = seen.get(entry.target);
      if (!known || known.isVisible !== isVisible) seen.set(entry.target, { since: performance.now(), isVisible, place: known?.place ?? "" });
    }
  }, /** @type {any} */ ({ threshold: [1], trackVisibility: true, delay: 100 }));

  const PLAIN = ["opacity", "filter", "transform", "clipPath", "maskImage", "visibility", "mixBlendMode"];
  const USUAL = new Set(["1", "none", "visible", "normal", ""]);

  /** Whether the page made all of itself see-through or moved it away. */
  const isPlain = () => {
    const style = /** @type {any} */ (getComputedStyle(document.documentElement));
    return PLAIN.every((name) => USUAL.has(style[name]));
  };

  /** @param {HTMLButtonElement} button @param {MouseEvent} event by mouse, or by a key (then it has no place) */
  const mayPress = (button, event) => {
    const known = seen.get(button);
    const isLong = known !== undefined && performance.now() - known.since >= SEEN_MS;
    const isByKey = event.detail === 0;
    const isOnTop = isByKey ? root.activeElement === button : document.elementFromPoint(event.clientX, event.clientY) === host;
    return event.isTrusted && isLong && known.isVisible && isOnTop && isPlain();
  };

  /** @param {Element} post */
  const labelOf = (post) => P.words("button_capture", [(post.textContent ?? "").replace(/\s+/gu, " ").trim().slice(0, 60)]);

  /** @param {Element} post */
  const make = (post) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "R";
    button.title = P.words("button_title");
    button.setAttribute("aria-label", labelOf(post));
    button.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (mayPress(button, event)) void press(post);
    });
    watcher.observe(button);
    return button;
  };

  /** @param {Element} post */
  const press = async (post) => {
    P.chosen = post;
    try {
      await P.ask("button.press");
    } catch (error) {
      const marks = P.makeMarks();
      marks.say(P.words("button_title"), P.faultWords(error), "busy");
      marks.close(15_000);
    }
  };

  /** Puts a button at each post near the window; what stays keeps its button, and with it the focus. */
  const place = () => {
    waiting = false;
    if (P.isOrphaned()) return host.remove(); // the updated extension has buttons of its own
    if (P.isPicking) return;
    const near = R.siteItems(document.body).filter((post) => {
      const box = post.getBoundingClientRect();
      return box.width >= 80 && box.height >= 24 && box.bottom > -AROUND && box.top < innerHeight + AROUND;
    }).slice(0, MOST);
    const kept = new Set(near);
    for (const [post, button] of buttons) {
      if (kept.has(post)) continue;
      watcher.unobserve(button);
      button.remove();
      buttons.delete(post);
    }
    const ground = host.getBoundingClientRect();
    for (const post of near) {
      const button = buttons.get(post) ?? make(post);
      // A program fills the same element with another post.
      const label = labelOf(post);
      if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
      buttons.set(post, button);
      if (!button.isConnected) root.append(button);
      put(button, post, ground);
    }
    if (near.length && !host.isConnected) document.documentElement.append(host);
    if (!near.length) host.remove();
  };

  /** @param {HTMLButtonElement} button @param {Element} post @param {DOMRect} ground the host's own place */
  const put = (button, post, ground) => {
    const box = post.getBoundingClientRect();
    const isLeft = getComputedStyle(post).direction === "rtl";
    const left = Math.round((isLeft ? box.left + 2 : Math.min(box.right, innerWidth) - 32) - ground.left);
    const top = Math.round(box.top + 2 - ground.top);
    const spot = `${left},${top}`;
    const known = seen.get(button);
    if (known && known.place !== spot) seen.set(button, { ...known, since: performance.now(), place: spot });
    Object.assign(button.style, { left: `${left}px`, top: `${top}px` });
  };

  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(place, PAUSE_MS);
  };

  /** No picture, whoever takes it, has a button in it. */
  const stepOut = () => {
    let isPicking = P.isPicking ?? false;
    Object.defineProperty(P, "isPicking", {
      configurable: true,
      get: () => isPicking,
      set(value) {
        isPicking = Boolean(value);
        if (isPicking) host.remove();
        else later();
      },
    });
  };

  const start = async () => {
    R.sites = await P.ask("site.data");
    for (const former of document.querySelectorAll("rature-button")) former.remove(); // of before an update
    // Also where nothing is known yet: a page may become another one without loading.
    stepOut();
    new MutationObserver((changes) => changes.some(({ target }) => target !== document.documentElement) && later())
      .observe(document.documentElement, { childList: true, subtree: true });
    addEventListener("scroll", later, { capture: true, passive: true });
    addEventListener("resize", later, { passive: true });
    place();
  };

  void start().catch(() => undefined); // the extension was updated meanwhile: the next page has the new one
})();
