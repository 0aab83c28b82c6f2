// The way to more on the same page: a button that adds items, a list that grows as one scrolls, a
// list that only keeps what is in the window, and another order of the same list.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const MAX_TEXT = 60;
  const BUTTONS = "button,[role=button],a:not(svg *),input[type=button]";

  const group = () => R.itemsOn(document.body);

  /**
   * Things to click that stand after the list (never in an item) and may add items, nearest
   * first. Marks each with a number in memory so that `clickMore` finds the very same element.
   */
  R.moreButtons = () => {
    const found = group();
    if (!found || !found.items.length) return [];
    const last = found.items[found.items.length - 1];
    // One that is hidden has no box to measure from.
    const shown = found.items.findLast((item) => R.isBoxed(item)) ?? last;
    const members = new Set(found.items);
    const named = new Set(R.namedBySite("button"));
    const buttons = [];
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(BUTTONS))) {
      if (!(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      if (isInside(element, members) || !R.mayClick(element) || belongsToWriting(element, last)) continue;
      const text = R.labelOf(element);
      if (!text || text.length > MAX_TEXT || !R.isBoxed(element) || element.closest("nav,footer,header,dialog,[role=dialog]")) continue;
      buttons.push({ element, text, distance: named.has(element) ? -1 : distance(shown, element) });
    }
    buttons.sort((a, b) => a.distance - b.distance);
    R.offered = buttons.slice(0, 3).map((button) => button.element);
    return buttons.slice(0, 3).map((button) => ({ text: button.text, distance: Math.max(0, button.distance) }));
  };

  /** @param {Element} element @param {Set<Element>} members */
  const isInside = (element, members) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (members.has(at)) return true;
    return false;
  };

  const WRITING = "textarea,[contenteditable=true],[contenteditable='']";

  /**
   * Whether a control follows a field for writing in a part of the page without the list: what
   * stands there ("Preview") is about one's own words. Many programs write without a form element.
   * @param {Element} element @param {Element} last
   */
  const belongsToWriting = (element, last) => {
    for (let at = R.parentOf(element); at && !at.contains(last); at = R.parentOf(at)) {
      const field = at.querySelector(WRITING);
      if (field) return Boolean(field.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
    }
    return false;
  };

  /** @param {Element} one @param {Element} other */
  const distance = (one, other) => Math.max(0, other.getBoundingClientRect().top - one.getBoundingClientRect().bottom);

  /** Clicks the offered button; true when there was one. */
  R.clickMore = (which = 0) => {
    const element = R.offered?.[which];
    if (!element?.isConnected) return false;
    element.scrollIntoView({ block: "center" });
    element.click();
    return true;
  };

  /** Goes to the end of the page and of the list's own scrolling container. */
  R.scrollToEnd = () => {
    const last = group()?.items.at(-1);
    for (let at = /** @type {Element | null | undefined} */ (last); at; at = R.parentOf(at)) {
      if (at.scrollHeight > at.clientHeight + 4) at.scrollTop = at.scrollHeight;
    }
    scrollTo(0, document.documentElement.scrollHeight);
  };

  /** What scrolls the list: its own container, or the page. */
  const scroller = () => {
    for (let at = /** @type {Element | null | undefined} */ (group()?.items[0]); at && at !== document.body; at = R.parentOf(at)) {
      if (at.scrollHeight > at.clientHeight + 4 && /auto|scroll/u.test(getComputedStyle(at).overflowY)) return at;
    }
    return document.scrollingElement ?? document.documentElement;
  };

  const drawn = () =>
    new Promise((resolve) => {
      setTimeout(resolve, 300);
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    });

  /**
   * Scrolls the list on by a share of its window (a negative one: back), or home with `null`, and
   * waits until that is drawn. {end: nothing is below}.
   */
  R.scrollOn = async (share) => {
    const box = (R.scroller = R.scroller?.isConnected ? R.scroller : scroller());
    const high = box === document.scrollingElement ? innerHeight : box.clientHeight;
    box.scrollTop = share === null ? 0 : box.scrollTop + Math.round(high * share);
    await drawn();
    return { end: box.scrollTop + high >= box.scrollHeight - 4 };
  };

  const BUSY = "[aria-busy=true],[role=progressbar]";

  /** Whether the list itself says that more is on its way. */
  R.isBusy = () => {
    const items = group()?.items ?? [];
    const last = items.at(-1);
    return [...document.querySelectorAll(BUSY)].some((element) => {
      const near = !last || element.contains(last) || Boolean(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
      return near && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    });
  };

  const ORDER = /sort|order|rank|chrono|tri$|ordre|orden|sortier/iu;

  /** @param {HTMLSelectElement} select */
  const namesOrder = (select) => ORDER.test(`${select.name} ${select.id} ${select.className} ${select.getAttribute("aria-label") ?? ""}`);

  /**
   * Other orders that a select or a row of buttons offers: `href` where it belongs to a form that only asks (GET),
   * else null; `choice` is given to `chooseOrder`.
   */
  R.orderChoices = () => {
    R.selects = [...document.querySelectorAll("select")].filter((select) => namesOrder(select) && R.isBoxed(select));
    const selected = R.selects.flatMap((select, which) => {
      const form = select.form;
      if (form && (form.method !== "get" || form.querySelector("textarea,input[type=password]"))) return [];
      return [...select.options].filter((option) => !option.selected && !option.disabled).map((option) => ({
        value: option.value,
        text: R.fold(option.text).slice(0, 40),
        href: form ? addressOf(form, select, option.value) : /^(?:https?:\/)?\//u.test(option.value) ? new URL(option.value, document.baseURI).href : null,
        choice: [which, option.index],
      }));
    });
    return [...selected, ...R.orderTabs()];
  };

  /** @param {HTMLFormElement} form @param {HTMLSelectElement} select @param {string} value */
  const addressOf = (form, select, value) => {
    const url = new URL(form.getAttribute("action") ?? location.href, document.baseURI);
    const fields = new FormData(form);
    fields.set(select.name, value);
    url.search = new URLSearchParams([...fields].flatMap(([name, said]) => (typeof said === "string" ? [[name, said]] : []))).toString();
    return url.href;
  };

  /** Chooses in a select that stands in no form, or in a row of buttons (-1), as a person would. */
  R.chooseOrder = ([which, index]) => {
    if (which < 0) return R.chooseTab(index);
    const select = R.selects?.[which];
    if (!select?.isConnected || select.form) return false;
    select.selectedIndex = index;
    for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
    return true;
  };
})();
