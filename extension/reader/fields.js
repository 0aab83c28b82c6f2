// Reading the fields of items: what differs from item to item at the same place is content.
//
// A profile is learnt from all items together (where the author, the time and the body stand), so
// that one short or unusual item is read like its neighbours. After the alignment of DEPTA (Zhai
// and Liu, WWW 2005), simplified.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /**
   * @typedef {{item: Element, leaves: Leaf[]}} ItemLeaves
   * @typedef {{item: Element, words: Leaf[]}} ItemWords leaves that may be the post's words
   * @typedef {object} Share what one step down holds of the words of all items
   * @property {string} step `#text` for the element's own text
   * @property {number} chars in all items
   * @property {number} items that have it
   * @property {number} longest characters in one item
   * @property {Set<string>} texts
   */

  const AUTHOR_SIGNS = [
    '[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', ".p-author .p-name", ".p-author",
    ".fn", '[rel~="author"]', "[data-author]", '[class*="username" i]', '[class*="user-name" i]',
    '[class*="author-name" i]', '[class*="authorname" i]', '[class*="author" i] a', '[class*="author" i]',
    '[data-testid*="author" i]', "cite", "[data-hovercard-type=user]", '[class*="user" i] a',
    'a[href*="/user/"]', 'a[href*="/users/"]', 'a[href*="/profile"]', 'a[href*="/member"]', 'a[href*="/@"]',
  ];
  const TIME_SIGNS = "time,[data-utime],[data-time],[data-timestamp],[itemprop=datePublished],[itemprop=dateCreated]," +
    "[itemprop=commentTime],abbr[title],.published,.dt-published";
  const BODY_TAGS = new Set(["P", "LI", "BLOCKQUOTE", "UL", "OL", "PRE", "CODE", "A", "B", "I", "EM", "STRONG",
    "FONT", "SMALL", "BR", "H1", "H2", "H3", "H4", "H5", "H6", "U", "S"]);

  /** Whether an element's own mark-up says "author". Used to weigh groups, not to read names. */
  R.looksLikeAuthor = (element) => {
    if (element.getAttribute("itemprop") === "author" || /\bauthor\b/u.test(element.getAttribute("rel") || "")) {
      return true;
    }
    const names = typeof element.className === "string" ? element.className : "";
    return /author|user-?name|(?:^|\s)(?:fn|vcard|avatar|nickname)(?:\s|$)/iu.test(names) || element.tagName === "CITE";
  };

  /** What the items of a page have in common. `items` in the page's order. */
  R.learnProfile = (items) => {
    const nested = new Set(items);
    const skip = (/** @type {Element} */ element) => nested.has(element);
    const read = items.map((item) => ({ item, leaves: R.leaves(item, skip) }));
    const profile = /** @type {ItemProfile} */ ({ items: nested, skip, labels: labelsOf(read) });
    profile.times = new Map(read.map(({ item, leaves }) => [item, timeElement(item, leaves, skip)]));
    profile.authorSign = authorSign(items, profile);
    profile.authorSlot = profile.authorSign ? null : authorSlot(read, profile);
    profile.bodyPath = bodyPath(read, profile);
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

  /** @param {Element} item @param {string} selector @param {Skip} skip */
  const own = (item, selector, skip) => {
    for (const found of item.querySelectorAll(selector)) {
      if (isOwn(found, item, skip)) return found;
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

  /** @param {Element} item @param {Leaf[]} leaves @param {Skip} skip @returns {Element | null} */
  const timeElement = (item, leaves, skip) => {
    for (const found of item.querySelectorAll(TIME_SIGNS)) {
      if (!isOwn(found, item, skip) || found.closest("blockquote")) continue;
      if (found.tagName !== "ABBR" || R.isTimeLike(/** @type {HTMLElement} */ (found).title)) return found;
    }
    const leaf = leaves.find(({ text, element }) => R.isTimeLike(text) && !element.closest("blockquote"));
    return leaf ? leaf.element : null;
  };

  /** @param {Element} element @param {Skip} skip */
  const nameIn = (element, skip) => {
    const name = R.fold(element.getAttribute("data-author") || R.blockText(element, undefined, skip));
    return name.length >= 1 && name.length <= 80 && !R.isTimeLike(name) ? name.replace(/\s*:$/u, "") : "";
  };

  /**
   * The first sign of an author that fits most items and does not say the same in all of them.
   * @param {Element[]} items
   * @param {ItemProfile} profile
   */
  const authorSign = (items, { skip, labels }) => {
    for (const sign of AUTHOR_SIGNS) {
      const names = items.map((item) => {
        const found = firstName(item, sign, skip);
        return found ? nameIn(found, skip) : "";
      });
      const given = names.filter((name) => name && !(labels.has(name) && items.length > 4));
      if (given.length >= Math.max(1, items.length * 0.6)) return sign;
    }
    return null;
  };

  /** @param {Element} item @param {string} sign @param {Skip} skip */
  const firstName = (item, sign, skip) => {
    for (const found of item.querySelectorAll(sign)) {
      if (isOwn(found, item, skip) && nameIn(found, skip)) return found;
    }
    return null;
  };

  /**
   * Tags from the item down to an element, with the position among equal tags.
   * @param {Element} element
   * @param {Element} item
   */
  const pathOf = (element, item) => {
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

  /**
   * Without a sign: the first place whose short text is there in most items and varies.
   * @param {ItemLeaves[]} read
   * @param {ItemProfile} profile
   */
  const authorSlot = (read, { labels, times }) => {
    /** @type {Map<string, {path: string, names: string[], items: Set<Element>}>} */
    const slots = new Map();
    for (const { item, leaves } of read) {
      for (const { text, element } of leaves.slice(0, 8)) {
        const folded = R.fold(text).replace(/\s*:$/u, "");
        if (folded.length > 40 || R.isTimeLike(folded) || times.get(item)?.contains(element)) continue;
        if (R.controlAround(element, item) || element === item || !/\p{L}/u.test(folded)) continue;
        if (labels.has(folded) && read.length > 4) continue;
        const path = pathOf(element, item);
        const slot = slots.get(path) ?? { path, names: [], items: new Set() };
        if (!slot.items.has(item)) slot.names.push(folded);
        slot.items.add(item);
        slots.set(path, slot);
      }
    }
    const good = [...slots.values()].filter((slot) => slot.items.size >= read.length * 0.7);
    return good.length && read.length > 1 ? good[0].path : null;
  };

  /** @param {Element} item @param {string} path @returns {Element | null} what stands there */
  const at = (item, path) => {
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

  /** @param {Element} item @param {ItemProfile} profile */
  const authorElement = (item, profile) => {
    if (profile.authorSign) return firstName(item, profile.authorSign, profile.skip);
    if (profile.authorSlot === null) return null;
    const found = at(item, profile.authorSlot);
    return found && nameIn(found, profile.skip) ? found : null;
  };

  /**
   * Leaves that may be the post's words: not author, time, control or a label's link.
   * @param {Element} item
   * @param {Leaf[]} leaves
   * @param {ItemProfile} profile
   */
  const wordsOf = (item, leaves, profile) => {
    const author = authorElement(item, profile);
    const time = profile.times.get(item);
    return leaves.filter(({ text, element }) => {
      if (author?.contains(element) && author !== item) return false;
      if (time && (time === element ? R.fold(text).length <= 60 : time.contains(element)) && time !== item) return false;
      if (R.controlAround(element, item)) return false;
      return !(profile.labels.has(R.fold(text)) && isLabelPlace(element, item));
    });
  };

  /** @param {Element} element @param {Element} item */
  const isLabelPlace = (element, item) => {
    const link = element.closest("a");
    return (link !== null && item.contains(link)) || R.fold(element.textContent).length <= 30;
  };

  /**
   * Where the body stands in most items: goes down from the item for as long as one child keeps
   * the words and what is left outside is short and regular (badges, counts), never a paragraph.
   * @param {ItemLeaves[]} read
   * @param {ItemProfile} profile
   */
  const bodyPath = (read, profile) => {
    const words = read.map(({ item, leaves }) => ({ item, words: wordsOf(item, leaves, profile) }));
    let path = "";
    for (let depth = 0; depth < 25; depth += 1) {
      const step = stepDown(words, path);
      if (!step) return path;
      path = path ? `${path}>${step}` : step;
    }
    return path;
  };

  /** @param {ItemWords[]} words @param {string} path */
  const stepDown = (words, path) => {
    /** @type {Map<string, Share>} */ const tally = new Map();
    let holders = 0;
    for (const { item, words: leaves } of words) {
      const base = at(item, path);
      if (!base || !leaves.length) continue;
      holders += 1;
      for (const [step, chars] of shares(base, leaves)) {
        const entry = tally.get(step) ?? { step, chars: 0, items: 0, longest: 0, texts: new Set() };
        entry.chars += chars.length;
        entry.items += 1;
        entry.longest = Math.max(entry.longest, chars.length);
        entry.texts.add(chars);
        tally.set(step, entry);
      }
    }
    const ranked = [...tally.values()].sort((a, b) => b.chars - a.chars);
    const top = ranked[0];
    if (!top || top.step === "#text" || BODY_TAGS.has(top.step.replace(/\d+$/u, ""))) return null;
    if (top.items < holders * 0.7) return null;
    return ranked.slice(1).every((other) => isAside(other, holders)) ? top.step : null;
  };

  /** @param {Share} entry @param {number} holders items that have words there */
  const isAside = (entry, holders) => {
    if (entry.step === "#text" || /^(?:P|BLOCKQUOTE|UL|OL|PRE)\d+$/u.test(entry.step)) return false;
    if (entry.items >= holders * 0.5) return entry.chars / entry.items <= 60 && entry.longest <= 200;
    return entry.longest <= 30 && (entry.items === 1 ? /\d/u.test([...entry.texts][0]) : entry.texts.size < entry.items);
  };

  /** @param {Element} base @param {Leaf[]} leaves @returns {Map<string, string>} from the step down to its text */
  const shares = (base, leaves) => {
    /** @type {Map<string, string>} */ const found = new Map();
    for (const { text, element } of leaves) {
      if (!base.contains(element)) continue;
      let child = element;
      while (child !== base && R.parentOf(child) !== base) child = /** @type {Element} */ (R.parentOf(child));
      const step = child === base ? "#text" : pathOf(child, base);
      found.set(step, (found.get(step) ?? "") + R.fold(text));
    }
    return found;
  };

  /** The element that holds an item's words, or the item itself. */
  R.bodyOf = (item, profile) => {
    const leaves = wordsOf(item, R.leaves(item, profile.skip), profile);
    const holder = at(item, profile.bodyPath);
    if (!holder) return item;
    const total = leaves.reduce((sum, leaf) => sum + R.fold(leaf.text).length, 0);
    const held = leaves.filter((leaf) => holder.contains(leaf.element));
    const kept = held.reduce((sum, leaf) => sum + R.fold(leaf.text).length, 0);
    return kept >= total * 0.3 && kept > 0 ? holder : item;
  };

  R.textOf = (item, profile) => {
    const words = new Set(wordsOf(item, R.leaves(item, profile.skip), profile).map((leaf) => leaf.node));
    return R.blockText(R.bodyOf(item, profile), (node) => words.has(node), profile.skip);
  };

  R.authorOf = (item, profile) => {
    const element = authorElement(item, profile);
    if (!element) return { author: null, author_id: null };
    const link = /** @type {HTMLAnchorElement | null} */ (element.closest("a[href]:not(svg *)") ?? element.querySelector("a[href]:not(svg *)"));
    const inside = link && item.contains(link);
    const id = own(item, "[data-user-id],[data-author-id]", profile.skip);
    const given = id ? id.getAttribute("data-user-id") || id.getAttribute("data-author-id") : null;
    return { author: nameIn(element, profile.skip) || null, author_id: given ?? (inside ? link.href : null) };
  };

  R.timeOf = (item, profile) => {
    const element = profile.times.get(item);
    if (!element) return { shown_time: null, markup_time: null };
    let shown = R.fold(element.textContent);
    if (shown.length > 60) shown = R.fold(R.leaves(element).map((leaf) => leaf.text).find(R.isTimeLike) ?? "");
    const names = ["datetime", "data-utime", "data-time", "data-timestamp", "content", "title"];
    const markup = names.map((name) => element.getAttribute(name)).find((value) => value);
    return { shown_time: shown || null, markup_time: markup ?? null };
  };
})();
