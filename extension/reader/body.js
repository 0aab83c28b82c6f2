// Where the words of an item stand: learnt from all items together, so that one short or unusual item
// is read like its neighbours. After the alignment of DEPTA (Zhai and Liu, WWW 2005), simplified.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /**
   * @typedef {{item: Element, words: Leaf[]}} ItemWords leaves that may be the post's words
   * @typedef {object} Share what one step down holds of the words of all items
   * @property {string} step `#text` for the element's own text
   * @property {number} chars in all items
   * @property {number} items that have it
   * @property {number} longest characters in one item
   * @property {Set<string>} texts
   */

  const BODY_TAGS = new Set(["P", "LI", "BLOCKQUOTE", "UL", "OL", "PRE", "CODE", "A", "B", "I", "EM", "STRONG",
    "FONT", "SMALL", "BR", "H1", "H2", "H3", "H4", "H5", "H6", "U", "S"]);

  /** Mark-up that says by itself "these are the words" (schema.org, microformats). */
  const DECLARED = "[itemprop=text],[itemprop=reviewBody],[itemprop=commentText],[itemprop=articleBody],.e-content";

  /**
   * Leaves that may be the post's words: not author, time, control or a label's link.
   * @param {Element} item
   * @param {Leaf[]} leaves
   * @param {ItemProfile} profile
   */
  const wordsOf = (item, leaves, profile) => {
    const author = R.authorElement(item, profile);
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
  R.learnBody = (read, profile) => {
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
      const base = R.elementAt(item, path);
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
      const step = child === base ? "#text" : R.pathOf(child, base);
      found.set(step, (found.get(step) ?? "") + R.fold(text));
    }
    return found;
  };

  /** The element that holds an item's words, or the item itself. */
  R.bodyOf = (item, profile) => {
    const declared = R.ownOne(item, DECLARED, profile.skip, (found) => R.fold(found.textContent) !== "");
    if (declared) return declared;
    const leaves = wordsOf(item, R.leaves(item, profile.skip), profile);
    const holder = R.elementAt(item, profile.bodyPath);
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
})();
