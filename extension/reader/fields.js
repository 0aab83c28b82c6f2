// Reading the fields of items: what differs from item to item at the same place is content.
//
// A profile is learnt from all items of one template together (where the author, the time and the
// body stand), so that one short or unusual item is read like its neighbours.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const TIME_SIGNS = "time,[datetime],[data-utime],[data-time],[data-timestamp],[ts],[itemprop=datePublished]," +
    "[itemprop=dateCreated],[itemprop=commentTime],abbr[title],.published,.dt-published,a[title],span[title]";
  const MARKUP = ["datetime", "data-utime", "data-time", "data-timestamp", "ts", "content", "title"];
  const NEED_TITLE = new Set(["ABBR", "A", "SPAN"]);
  const DATED = /^(?:datePublished|dateCreated|commentTime)$/u;

  /** Whether an element's own mark-up says that it is a moment. */
  R.marksTime = (element) => {
    if (element.tagName === "TIME" || element.hasAttribute("data-utime") || element.hasAttribute("datetime")) return true;
    if (DATED.test(element.getAttribute("itemprop") ?? "")) return true;
    return element.hasAttribute("ts") || isTitled(element);
  };

  /** Whether a title reads as a moment (where a short age is shown). @param {Element} element */
  const isTitled = (element) => {
    const title = element.getAttribute("title");
    return title !== null && title.length >= 8 && title.length <= 60 && R.isTimeLike(title);
  };

  /** What the items of one template have in common; `all` are the page's items. In the page's order. */
  R.learnProfile = (items, all = items, annex = null) => {
    const nested = new Set(all);
    const skip = (/** @type {Element} */ element) => nested.has(element);
    const read = items.map((item) => ({ item, leaves: R.leaves(item, skip) }));
    const profile = /** @type {ItemProfile} */ ({ items: nested, skip, annex, labels: labelsOf(read) });
    profile.times = new Map(read.map(({ item, leaves }) => [item, timeElement(item, leaves, profile)]));
    R.learnAuthor(read, profile);
    profile.bodyPath = R.learnBody(read, profile);
    return profile;
  };

  /**
   * Short texts that stand in most items word for word: labels such as "Reply".
   * @param {ItemLeaves[]} read
   */
  const labelsOf = (read) => {
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const { leaves } of read) {
      for (const text of new Set(leaves.map((leaf) => R.fold(leaf.text)))) {
        if (text.length <= 30) counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    const enough = Math.max(2, read.length * 0.5);
    return new Set([...counts].filter(([, count]) => count >= enough).map(([text]) => text));
  };

  /** The first element of an item itself that fits a selector and a test; nested items are passed over. */
  R.ownOne = (item, selector, skip, fits = () => true) => {
    for (const found of item.querySelectorAll(selector)) {
      if (isOwn(found, item, skip) && fits(found)) return found;
    }
    return null;
  };

  /** @param {Element} element @param {Element} item @param {Skip} skip */
  const isOwn = (element, item, skip) => {
    for (let at = /** @type {Element | null} */ (element); at && at !== item; at = R.parentOf(at)) {
      if (skip(at)) return false;
    }
    return true;
  };

  /** The item and, where its record has two elements, the neighbour that belongs to it. */
  R.partsOf = (item, profile) => {
    const near = profile.annex ? R.neighbour(item, profile.annex) : null;
    return near ? [item, near] : [item];
  };

  /** @param {Element} item @param {Leaf[]} leaves @param {ItemProfile} profile @returns {Element | null} */
  const timeElement = (item, leaves, profile) => {
    const fits = (/** @type {Element} */ found) =>
      !found.closest("blockquote") && (!NEED_TITLE.has(found.tagName) || R.marksTime(found));
    const shown = (/** @type {Element} */ found) => fits(found) && found.textContent.trim() !== "";
    for (const part of R.partsOf(item, profile)) {
      const marked = R.ownOne(part, TIME_SIGNS, profile.skip, shown) ?? R.ownOne(part, TIME_SIGNS, profile.skip, fits);
      if (marked) return marked;
      const words = part === item ? leaves : R.leaves(part);
      const leaf = words.find(({ text, element }) => R.isTimeLike(text) && !element.closest("blockquote"));
      if (leaf) return leaf.element;
    }
    return null;
  };

  /** Tags from the item down to an element, with the position among equal tags. */
  R.pathOf = (element, item) => {
    const steps = [];
    for (let at = /** @type {Element | null} */ (element); at && at !== item; at = R.parentOf(at)) {
      let place = 1;
      for (let before = at.previousElementSibling; before; before = before.previousElementSibling) {
        if (before.tagName === at.tagName) place += 1;
      }
      steps.push(`${at.tagName}${place}`);
    }
    return steps.reverse().join(">");
  };

  /** What stands at a path of an item; null when there is nothing. */
  R.elementAt = (item, path) => {
    let element = item;
    for (const step of path ? path.split(">") : []) {
      const [, tag, place] = /** @type {RegExpExecArray} */ (/^(.*?)(\d+)$/u.exec(step));
      const children = /** @type {Element[]} */ ([...R.childrenOf(element)]);
      const alike = children.filter((child) => child.tagName === tag);
      element = alike[Number(place) - 1];
      if (!element) return null;
    }
    return element;
  };

  R.timeOf = (item, profile) => {
    const element = profile.times.get(item);
    if (!element) return { shown_time: null, markup_time: null };
    let shown = R.fold(element.textContent);
    if (shown.length > 60) shown = R.fold(R.leaves(element).map((leaf) => leaf.text).find(R.isTimeLike) ?? "");
    const markup = MARKUP.map((name) => element.getAttribute(name)).find((value) => value);
    const dated = R.ownOne(item, "[itemprop=datePublished],[itemprop=dateCreated]", profile.skip);
    return { shown_time: shown || null, markup_time: markup ?? dated?.getAttribute("content") ?? null };
  };
})();
