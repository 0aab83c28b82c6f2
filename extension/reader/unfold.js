// What is folded on a page, and opening it in place: texts that are cut ("see more"), replies and
// hidden posts ("12 replies"). Nothing is opened that leaves the page, sends something, or is a menu.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const CANDIDATES = "summary,[aria-expanded=false],button,[role=button],a,input[type=button],[onclick],[tabindex='0']";
  const DOTS = /(?:…|\.{3,}|。{3}|⋯)\W{0,3}$/u;
  const SYMBOL = /^\[\+\]|^\+$|^\[\p{N}+ /u;
  const MAX_MARKS = 80;

  /** The part of the page that holds the list. @param {Element[]} items at least one */
  const listOf = (items) => {
    const last = items[items.length - 1];
    for (let at = /** @type {Element | null} */ (items[0]); at; at = R.parentOf(at)) if (items.length === 1 || holds(at, last)) return at;
    return document.body;
  };

  /** @param {Element} outer @param {Element} inner */
  const holds = (outer, inner) => {
    for (let at = /** @type {Element | null} */ (inner); at; at = R.parentOf(at)) if (at === outer) return true;
    return false;
  };

  /** @param {Element} element @param {Set<Element>} members */
  const ownerOf = (element, members) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (members.has(at)) return at;
    return null;
  };

  /** What `aria-controls` points at. @param {Element} control */
  const controlled = (control) =>
    (control.getAttribute("aria-controls") ?? "").split(/\s+/u).filter(Boolean)
      .map((id) => /** @type {Document | ShadowRoot} */ (control.getRootNode()).getElementById(id)).find(Boolean) ?? null;

  /** @param {Element} element */
  const holdsForm = (element) => element.matches("form") || element.querySelector("form,textarea,[contenteditable=true],input:not([type=hidden])") !== null;

  /** @param {string} label */
  const counts = (label) => {
    const bare = ` ${R.bareWords(label)} `;
    const { folded = [], open = [] } = R.words ?? {};
    if (open.some((phrase) => bare.includes(phrase))) return true;
    // a word of a script without spaces stands anywhere
    return /\p{N}/u.test(label) && folded.some((word) => bare.includes(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word) ? ` ${word} ` : word));
  };

  /** Whether a control folds away posts, by its structure and its label. @param {Element} control */
  const foldsPosts = (control) => {
    const label = R.labelOf(control);
    if (control.tagName === "SUMMARY") {
      const details = /** @type {HTMLDetailsElement} */ (control.parentElement);
      return details?.tagName === "DETAILS" && !details.open && !holdsForm(details);
    }
    if (control.getAttribute("aria-expanded") === "true") return false;
    if (control.getAttribute("aria-expanded") === "false") {
      const target = controlled(control);
      if (target && holdsForm(target)) return false;
      return /\p{N}/u.test(label) || counts(label) || SYMBOL.test(label) || (target !== null && R.fold(target.textContent).length > 40);
    }
    return counts(label) || SYMBOL.test(label);
  };

  /** Folds of posts that are closed and can be seen, opened ones left out. @param {Element[]} items */
  const postFolds = (items) => {
    if (!items.length) return [];
    return R.selectBelow(listOf(items), CANDIDATES)
      .filter((control) => !isKnown(R.opened, control, items) && foldsPosts(control) && R.mayShow(control) && R.isBoxed(control))
      .filter((control, at, all) => !all.some((other, place) => place !== at && other !== control && holds(other, control)));
  };

  /** @param {Element} element */
  const isClipped = (element) => {
    if (element.scrollHeight <= element.clientHeight + 4 || R.fold(element.textContent).length < 60) return false;
    const style = getComputedStyle(element);
    return /hidden|clip/u.test(style.overflowY) || Number(style.webkitLineClamp) > 0;
  };

  /** The text that stands right before a control in its item. @param {Element} control @param {Element} item */
  const textBefore = (control, item) => {
    for (let at = /** @type {Element | null} */ (control), steps = 0; at && at !== item && steps < 4; at = R.parentOf(at), steps += 1) {
      for (let before = at.previousSibling; before; before = before.previousSibling) {
        if (before instanceof Element && !before.checkVisibility()) continue;
        const text = R.fold(before.textContent ?? "");
        if (text) return text;
      }
    }
    return "";
  };

  /** The end of a text, there but not shown. @param {Element} element */
  const isHiddenRest = (element) => !element.checkVisibility() && !R.isSkipped(element) && R.fold(element.textContent).length > 10;

  /** Whether a control stands at the end of a text that is cut. @param {Element} control @param {Element} item */
  const endsCutText = (control, item) => {
    const label = R.labelOf(control);
    if (/^(?:…|\.{3}|⋯)\s*\p{L}/u.test(label) || DOTS.test(textBefore(control, item).slice(-40))) return true;
    for (let at = /** @type {Element | null} */ (control), steps = 0; at && at !== item && steps < 4; at = R.parentOf(at), steps += 1) {
      const before = at.previousElementSibling;
      if (before && isHiddenRest(before)) return true;
      if (before && (isClipped(before) || [...before.children].some(isClipped))) return true;
      if (at !== control && isClipped(at)) return true;
    }
    return false;
  };

  /** @param {Element[]} items */
  const textFolds = (items) => {
    const members = new Set(items);
    const named = new Set(R.namedBySite("see_more"));
    return items.flatMap((item) =>
      R.selectBelow(item, CANDIDATES).filter((control) => {
        if (ownerOf(control, members) !== item || !R.labelOf(control) || counts(R.labelOf(control))) return false;
        return R.mayClick(control) && R.isBoxed(control) && (named.has(control) || endsCutText(control, item));
      }));
  };

  /** A fold's description: whose it is, and what it says. @param {Element} control @param {Element[]} items */
  const markOf = (control, items) => {
    const owner = ownerOf(control, new Set(items));
    return `${owner ? R.fold(owner.textContent).slice(0, 40) : ""}|${R.labelOf(control)}`;
  };

  /** Whether this fold is in memory. Rolling lists reuse their nodes: the same node may be another fold by now. */
  const isKnown = (/** @type {WeakMap<Element, string> | undefined} */ memory, /** @type {Element} */ control, /** @type {Element[]} */ items) =>
    memory?.has(control) === true && memory.get(control) === markOf(control, items);

  /** Short descriptions of the closed folds of posts. */
  R.closedFolds = (items) => postFolds(items).slice(0, MAX_MARKS).map((control) => markOf(control, items));

  /** Whether the mark-up itself will say that it is open. @param {Element} control */
  const saysOpen = (control) => control.tagName === "SUMMARY" || control.hasAttribute("aria-expanded");

  const size = () => document.getElementsByTagName("*").length;

  const found = () => R.itemsOn(document.body)?.items ?? [];

  /**
   * Clicks up to `most` folds that were not clicked before: cut texts or folds of posts; only one
   * where the mark-up will not say whether it opened. Returns what they said. `checkOpened` tells
   * afterwards which of them opened.
   */
  R.openFolds = ({ kind, most }) => {
    const tried = (R.tried ??= new WeakMap());
    const items = found();
    const folds = (kind === "text" ? textFolds : postFolds)(items).filter((control) => !isKnown(tried, control, items) && R.mayClick(control));
    const telling = folds.filter((control) => kind === "text" || saysOpen(control));
    const chosen = telling.length ? telling.slice(0, most) : folds.slice(0, 1);
    R.clicked = chosen.map((control) => ({ control, label: R.labelOf(control), mark: markOf(control, items), size: size() }));
    for (const { control, mark } of R.clicked) {
      tried.set(control, mark);
      if (control.isConnected) /** @type {HTMLElement} */ (control).click();
    }
    return R.clicked.map(({ label }) => label.slice(0, 60));
  };

  /** Remembers which of the folds clicked last are open now, and returns how many of them. */
  R.checkOpened = () => {
    const opened = (R.opened ??= new WeakMap());
    let count = 0;
    for (const { control, label, mark, size: before } of R.clicked ?? []) {
      const details = control.tagName === "SUMMARY" ? /** @type {HTMLDetailsElement} */ (control.parentElement) : null;
      const said = control.getAttribute("aria-expanded");
      const told = details ? details.open : said === "true";
      const moved = R.labelOf(control) !== label || size() > before;
      if (control.isConnected && R.isBoxed(control) && !(saysOpen(control) ? told : moved)) continue;
      opened.set(control, mark);
      count += 1;
    }
    return count;
  };
})();
