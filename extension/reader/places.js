// Places that items of one template share: where an element stands in its item, told by tags and by
// the class words that most items have, so that a place is the same in all of them.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const FREE = new Set(["P", "LI", "BLOCKQUOTE", "UL", "OL", "PRE", "CODE", "A", "B", "I", "EM", "STRONG", "FONT",
    "SMALL", "BR", "U", "S"]);

  /** The elements inside an item, those of nested items left out, in the page's order. */
  R.ownElements = (item, skip) => {
    /** @type {Element[]} */ const found = [];
    const walk = (/** @type {Element} */ node) => {
      for (let child = node.firstElementChild; child; child = child.nextElementSibling) {
        if (skip(child) || R.isSkipped(child)) continue;
        found.push(child);
        walk(child);
      }
    };
    walk(item);
    return found;
  };

  /** Class words that at least half of the items hold inside. @param {Element[]} items @param {Skip} skip */
  const commonTokens = (items, skip) => {
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const item of items) {
      const own = new Set();
      for (const element of R.ownElements(item, skip)) {
        if (element.hasAttribute("class")) for (const token of R.classTokens(element)) own.add(token);
      }
      for (const token of own) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    return new Set([...counts].filter(([, count]) => count * 2 >= items.length).map(([token]) => token));
  };

  /** The place among neighbours of one tag that are its equals. @param {Element} element @param {(other: Element) => boolean} equal */
  const placeAmong = (element, equal) => {
    let place = 1;
    for (let before = element.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.tagName === element.tagName && equal(before)) place += 1;
    }
    return place;
  };

  /** A function that gives an element's place in its item, "" for the item itself. */
  R.placesIn = (items, skip) => {
    const tokens = commonTokens(items, skip);
    const members = new Set(items);
    /** @type {Map<Element, string>} */ const known = new Map();
    const placeOf = (/** @type {Element} */ element) => {
      if (members.has(element)) return "";
      const cached = known.get(element);
      if (cached !== undefined) return cached;
      const parent = R.parentOf(element);
      const wordsOf = (/** @type {Element} */ one) => R.classTokens(one).filter((token) => tokens.has(token)).sort().join(".");
      const words = wordsOf(element);
      const rank = FREE.has(element.tagName) ? 1 : placeAmong(element, (other) => wordsOf(other) === words);
      const own = rank > 1 || (words === "" && !FREE.has(element.tagName)) ? `${words}${rank}` : words;
      /** @type {string} */
      const place = `${parent ? placeOf(parent) : ""}>${element.tagName}.${own}`;
      known.set(element, place);
      return place;
    };
    return placeOf;
  };
})();
