// When an item was written: among the places where items show a moment, the one that most have, that
// differs from item to item, and that runs in the page's order. (A member's "joined" does neither.)
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

  /** @typedef {{found: Map<Element, Element>, marked: number}} Slot a place, with the element there by item */

  /** The element that shows each item's moment, null where there is none. */
  R.learnTimes = (read, profile) => {
    /** @type {Map<string, Slot>} */ const slots = new Map();
    for (const { item, leaves } of read) {
      for (const part of R.partsOf(item, profile)) noteTimes(slots, item, part, part === item ? leaves : R.leaves(part), profile);
    }
    const ranked = [...slots.values()].map((slot) => ({ slot, worth: worthOf(slot, read.length) }));
    ranked.sort((a, b) => b.worth - a.worth);
    return new Map(read.map(({ item }) => {
      const best = ranked.find(({ slot }) => slot.found.has(item));
      return [item, best?.slot.found.get(item) ?? null];
    }));
  };

  /**
   * @param {Map<string, Slot>} slots changed
   * @param {Element} item
   * @param {Element} part of the item's record
   * @param {Leaf[]} leaves of the part
   * @param {ItemProfile} profile
   */
  const noteTimes = (slots, item, part, leaves, profile) => {
    const note = (/** @type {Element} */ element, /** @type {boolean} */ marked) => {
      if (element.closest("blockquote")) return;
      const place = profile.placeOf(element);
      const slot = slots.get(place) ?? { found: new Map(), marked: 0 };
      if (!slot.found.has(item)) slot.marked += marked ? 1 : 0;
      if (!slot.found.has(item)) slot.found.set(item, element);
      slots.set(place, slot);
    };
    R.ownOne(part, TIME_SIGNS, profile.skip, (found) => {
      if (!NEED_TITLE.has(found.tagName) || R.marksTime(found)) note(found, true);
      return false;
    });
    for (const { text, element } of leaves) if (R.isTimeLike(text)) note(element, false);
  };

  /** @param {Slot} slot @param {number} items */
  const worthOf = ({ found, marked }, items) => {
    const texts = [...found.values()].map((element) => markupOf(element) ?? R.fold(element.textContent));
    const shown = [...found.values()].filter((element) => R.fold(element.textContent)).length;
    const moments = texts.map((text) => Date.parse(text));
    const inOrder = items > 2 && moments.every((moment) => !Number.isNaN(moment)) && (isRising(moments) || isRising([...moments].reverse()));
    const share = found.size / items;
    const distinct = new Set(texts).size / Math.max(1, texts.length);
    const clock = texts.filter((text) => CLOCK.test(text)).length / Math.max(1, texts.length);
    const early = texts.filter((text) => LABELLED.test(text)).length / Math.max(1, texts.length);
    return share * (0.5 + 0.5 * distinct) * (1 + 0.3 * clock) * (1 - 0.3 * early) * (inOrder ? 1.3 : 1)
      * (1 + (0.5 * marked) / Math.max(1, found.size)) * (0.8 + (0.2 * shown) / Math.max(1, found.size));
  };

  const CLOCK = /\d{1,2}\s?[:hH]\s?\d{2}|^\d{9,13}$/u;
  const LABELLED = /^\p{L}[\p{L} ]*:\s/u;

  /** @param {number[]} moments */
  const isRising = (moments) => moments.every((moment, at) => at === 0 || moment >= moments[at - 1]);

  /** @param {Element} element */
  const markupOf = (element) => MARKUP.map((name) => element.getAttribute(name)).find((value) => value) ?? null;

  /** The piece of an element's own text that reads as a moment, where names or labels stand beside it. @param {Element} element */
  const ownMoment = (element) => {
    if (R.marksTime(element) || !element.firstElementChild) return null;
    const own = [...R.childrenOf(element)].find((child) => child.nodeType === Node.TEXT_NODE && R.isTimeLike(child.data));
    return own ? R.fold(own.textContent ?? "") : null;
  };

  /** Whether an element belongs to a moment, rather than standing beside it in one line. */
  R.isInTime = (time, element) => time !== null && time.contains(element) && (time === element || ownMoment(time) === null);

  R.timeOf = (item, profile) => {
    const element = profile.times.get(item);
    if (!element) return { shown_time: null, markup_time: null };
    let shown = ownMoment(element) ?? R.fold(element.textContent);
    if (shown.length > 60) shown = R.fold(R.leaves(element).map((leaf) => leaf.text).find(R.isTimeLike) ?? "");
    const dated = R.ownOne(item, "[itemprop=datePublished],[itemprop=dateCreated]", profile.skip);
    return { shown_time: shown || null, markup_time: markupOf(element) ?? dated?.getAttribute("content") ?? null };
  };
})();
