// Where the words of an item stand: learnt from all items together, so that one short or unusual item
// is read like its neighbours. After the alignment of DEPTA (Zhai and Liu, WWW 2005), simplified.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /**
   * @typedef {{item: Element, words: Leaf[]}} ItemWords leaves that may be the post's words
   * @typedef {object} Field what stands at one place in the items
   * @property {Set<Element>} items that have it
   * @property {number} times how often in all
   * @property {number} chars in all
   * @property {number} longest
   * @property {number} weight characters, at most 300 an item
   * @typedef {object} Holder
   * @property {number} worth
   * @property {number} size characters of all that stands in it
   * @property {number} named of these, in links that stand by themselves
   * @property {Set<Element>} items
   * @property {boolean} twice whether an item has it twice
   */

  const MOST_FIELD = 50;
  const MOST_WORTH = 600;
  const ENOUGH = 0.85;

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
      if (time && (time === element ? R.fold(text).length <= 60 : R.isInTime(time, element)) && time !== item) return false;
      if (R.controlAround(element, item)) return false;
      return !(profile.labels.has(R.fold(text)) && R.standsAlone(element, item));
    });
  };

  const STRESS = new Set(["A", "B", "I", "EM", "STRONG", "SPAN", "FONT", "U", "CODE", "CITE", "BDI", "BDO", "MARK", "SMALL", "Q"]);

  /** Whether a short text stands by itself, not in a sentence or a quotation. */
  R.standsAlone = (element, item) => {
    if (element.closest("blockquote,q")) return false;
    const link = element.closest("a");
    for (let at = /** @type {Element} */ (element); STRESS.has(at.tagName) && at !== item; at = /** @type {Element} */ (R.parentOf(at))) {
      const beside = [...(at.parentNode?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE);
      if (beside.some((node) => /\p{L}/u.test(node.textContent ?? ""))) return false;
    }
    return (link !== null && item.contains(link)) || R.fold(element.textContent).length <= 30;
  };

  /**
   * Places that hold one short text in most items (a rank, a count, a title): no words of a post.
   * @param {ItemWords[]} words
   * @param {(element: Element) => string} placeOf
   */
  const fieldsAmong = (words, placeOf) => {
    /** @type {Map<string, Field>} */ const found = new Map();
    for (const { item, words: leaves } of words) {
      for (const { text, element } of leaves) {
        const place = placeOf(element);
        const entry = found.get(place) ?? { items: new Set(), times: 0, chars: 0, longest: 0, weight: 0 };
        const length = R.fold(text).length;
        entry.items.add(item);
        entry.times += 1;
        entry.chars += length;
        entry.longest = Math.max(entry.longest, length);
        entry.weight += Math.min(length, 300);
        found.set(place, entry);
      }
    }
    const heaviest = Math.max(0, ...[...found.values()].map((entry) => entry.weight));
    const isField = (/** @type {Field} */ entry) =>
      entry.weight < heaviest && entry.items.size * 2 >= words.length && entry.times <= entry.items.size * 1.3
      && entry.chars <= entry.times * MOST_FIELD && entry.longest <= 2.5 * MOST_FIELD;
    return new Set([...found].filter(([, entry]) => isField(entry)).map(([place]) => place));
  };

  /** A text with its numbers folded: `Posts: 96` and `Posts: 1,077` are one phrase. @param {string} text */
  const phraseOf = (text) => R.fold(text).replace(/\d[\d.,]*/gu, "#");

  /**
   * Phrases that stand in a quarter of the items or more: the template's, not the posts'. Labels
   * count: where most have `4 posts`, the `5 posts` of a few is no word of theirs.
   * @param {ItemLeaves[]} read
   */
  const phrasesAmong = (read) => {
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const { leaves } of read) {
      for (const phrase of new Set(leaves.map(({ text }) => phraseOf(text)))) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    }
    return new Set([...counts].filter(([, count]) => count >= Math.max(3, read.length / 4)).map(([phrase]) => phrase));
  };

  /**
   * The place of the body: the tightest that keeps nearly all the words of most items, where short
   * regular fields count against it. Empty when the item itself is as good as any.
   */
  R.learnBody = (read, profile) => {
    const words = read.map(({ item, leaves }) => ({ item, words: wordsOf(item, leaves, profile) })).filter((entry) => entry.words.length);
    const fields = fieldsAmong(words, profile.placeOf);
    const phrases = phrasesAmong(read);
    const worthOf = (/** @type {Leaf} */ { text, element }) =>
      R.fold(text).length * (fields.has(profile.placeOf(element)) || phrases.has(phraseOf(text)) ? -1.5 : 1);
    /** @type {Map<string, Holder>} */ const holders = new Map();
    for (const { item, words: leaves } of words) addHolders(holders, item, leaves, worthOf, profile);
    const good = [...holders].filter(([, holder]) => !holder.twice && holder.items.size >= words.length * 0.7);
    const most = Math.max(0, ...good.map(([, holder]) => holder.worth));
    const near = good.filter(([, holder]) => holder.worth >= most * ENOUGH && holder.worth > 0);
    near.sort(([one, a], [other, b]) => a.size - b.size || other.length - one.length);
    return near.length ? widened(near[0], near)[0] : "";
  };

  /** Of all that it gains, what a wider place must hold of the posts' words. */
  const PURE = 0.95;

  /**
   * A place that holds more of the posts' words and hardly anything else: most posts have one
   * paragraph, and the place of the first one is not yet that of all. Where all that it adds are
   * short links, it is the head of those few posts that name whom they answer.
   * @param {[string, Holder]} best @param {[string, Holder][]} near from the tightest outwards @returns {[string, Holder]}
   */
  const widened = (best, near) => {
    const gains = (/** @type {Holder} */ holder) => {
      const more = holder.worth - best[1].worth;
      const size = holder.size - best[1].size;
      return more > 0 && more >= PURE * size && holder.named - best[1].named < size;
    };
    return near.findLast(([, holder]) => gains(holder)) ?? best;
  };

  /**
   * Adds what each element around the words of one item is worth as the body.
   * @param {Map<string, Holder>} holders changed
   * @param {Element} item
   * @param {Leaf[]} leaves
   * @param {(leaf: Leaf) => number} worthOf
   * @param {ItemProfile} profile
   */
  const addHolders = (holders, item, leaves, worthOf, profile) => {
    /** @type {Map<Element, {worth: number, size: number, named: number}>} */ const own = new Map();
    for (const leaf of leaves) {
      const length = R.fold(leaf.text).length;
      const names = length <= MOST_FIELD && leaf.element.closest("a") !== null && R.standsAlone(leaf.element, item);
      const worth = worthOf(leaf);
      for (let at = /** @type {Element | null} */ (leaf.element); at; at = at === item ? null : R.parentOf(at)) {
        if (INLINE.has(at.tagName) && at !== item) continue;
        const entry = own.get(at) ?? { worth: 0, size: 0, named: 0 };
        entry.worth += worth;
        entry.size += length;
        entry.named += names ? length : 0;
        own.set(at, entry);
      }
    }
    for (const [element, { worth, size, named }] of own) {
      const place = profile.placeOf(element);
      const holder = holders.get(place) ?? { worth: 0, size: 0, named: 0, items: new Set(), twice: false };
      holder.twice ||= holder.items.has(item);
      holder.items.add(item);
      holder.worth += Math.min(worth, MOST_WORTH);
      holder.size += size;
      holder.named += named;
      holders.set(place, holder);
    }
  };

  /** Never a body by themselves where there is something around them. */
  const INLINE = new Set(["A", "B", "I", "EM", "STRONG", "FONT", "SMALL", "CODE", "U", "S", "H1", "H2", "H3", "H4", "H5", "H6", "LI"]);

  /** The element that holds an item's words, or the item itself. */
  R.bodyOf = (item, profile) => {
    const known = profile.bodies.get(item) ?? findBody(item, profile);
    profile.bodies.set(item, known);
    return known;
  };

  /** @param {Element} item @param {ItemProfile} profile */
  const findBody = (item, profile) => {
    const inside = R.ownElements(item, profile.skip);
    const declared = inside.find((element) => element.matches(DECLARED) && R.fold(element.textContent) !== "");
    if (declared) return declared;
    if (profile.bodyPath === "") return item;
    const last = profile.bodyPath.slice(profile.bodyPath.lastIndexOf(">"));
    const holder = inside.find((element) => profile.placeOf(element) === profile.bodyPath)
      ?? (/[-_]/u.test(last) ? inside.find((element) => profile.placeOf(element).endsWith(last)) : undefined);
    return holder && R.fold(holder.textContent) ? holder : item;
  };

  R.textOf = (item, profile) => {
    const words = new Set(wordsOf(item, R.leaves(item, profile.skip), profile).map((leaf) => leaf.node));
    return R.blockText(R.bodyOf(item, profile), (node) => words.has(node), profile.skip);
  };
})();
