// The way to more on the same page: a button that adds items, or a list that grows as one scrolls.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** @typedef {HTMLElement & Partial<Pick<HTMLInputElement, "type" | "form" | "disabled" | "value">>} Button or a link */

  const LEADS_AWAY = /^(?:https?:)?\/\//u;
  const MAX_TEXT = 60;

  /** Whether a click stays on the page: no address, or one that is only a fragment. @param {Element} element */
  const stays = (element) => {
    if (element.tagName !== "A") return true;
    const href = element.getAttribute("href") ?? "";
    return href === "" || href.startsWith("#") || href.startsWith("javascript:") || (href === location.href && !LEADS_AWAY.test(href));
  };

  /** @param {Button} element */
  const isFormPart = (element) => element.closest("form") !== null || element.type === "submit" && element.form;

  /**
   * Things to click that stand after the list (never in an item) and may add items, nearest
   * first. Marks each with a number in memory so that `clickMore` finds the very same element.
   */
  R.moreButtons = () => {
    const found = R.findGroup(R.survey(document.body));
    if (!found || !found.items.length) return [];
    const last = found.items[found.items.length - 1];
    const members = new Set(found.items);
    const buttons = [];
    /** @type {NodeListOf<Button>} */
    const candidates = document.querySelectorAll("button,[role=button],a:not(svg *),input[type=button]");
    for (const element of candidates) {
      if (!(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      if (isInside(element, members) || isFormPart(element) || !stays(element) || element.disabled) continue;
      const text = R.fold(element.textContent || element.value || element.getAttribute("aria-label") || "");
      if (!text || text.length > MAX_TEXT || !R.isBoxed(element) || element.closest("nav,footer,header,dialog")) continue;
      buttons.push({ element, text, distance: distance(last, element) });
    }
    buttons.sort((a, b) => a.distance - b.distance);
    R.offered = buttons.slice(0, 3).map((button) => button.element);
    return buttons.slice(0, 3).map((button) => ({ text: button.text, distance: button.distance }));
  };

  /** @param {Element} element @param {Set<Element>} members */
  const isInside = (element, members) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (members.has(at)) return true;
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
    const found = R.findGroup(R.survey(document.body));
    const last = found?.items.at(-1);
    for (let at = /** @type {Element | null | undefined} */ (last); at; at = R.parentOf(at)) {
      if (at.scrollHeight > at.clientHeight + 4) at.scrollTop = at.scrollHeight;
    }
    scrollTo(0, document.documentElement.scrollHeight);
  };

  /**
   * Resolves when the page has been still: no element added or taken away for `quiet`
   * milliseconds, or `most` milliseconds are over. With `wanted`, goes on waiting for a page that
   * holds more than that many elements. A page without scripts is still at once.
   * {elements, waited, still}.
   */
  R.settle = ({ quiet: asked = 200, most = 5000, wanted = 0 } = {}) =>
    new Promise((resolve) => {
      const started = performance.now();
      const quiet = document.scripts.length ? asked : 0;
      let changed = started;
      const count = () => document.getElementsByTagName("*").length;
      const observer = new MutationObserver(() => { changed = performance.now(); });
      observer.observe(document, { childList: true, subtree: true, characterData: true });
      const look = () => {
        const now = performance.now();
        const still = now - changed >= quiet && document.readyState !== "loading" && count() >= wanted;
        if (!still && now - started < most) return void setTimeout(look, Math.min(quiet / 2 + 5, 50));
        observer.disconnect();
        resolve({ elements: count(), waited: Math.round(now - started), still });
      };
      look();
    });
})();
