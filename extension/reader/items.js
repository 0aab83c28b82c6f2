// Finding the repeated items of a page: groups of elements that look like records of one list.
//
// Candidates come from several independent signs (ids of one pattern, data ids, microdata and
// roles, a shared class within this load, siblings of one shape); each group is scored by how
// much reading text it covers and whether each item has what a post has: one time, an author.
// After the idea of MDR (Liu, KDD 2003): records are similar neighbours in the tag tree.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /**
   * @typedef {ElementFacts & {depth: number}} OwnFacts without what belongs to nested items; depth 1 for those
   * @typedef {{sign: string, group: Element[], score: number, quality: number}} Ranked
   * @typedef {Map<string, Element[]>} Groups from the sign to its elements in order
   */

  const OFF_LIST = new Set(["NAV", "FOOTER", "HEADER", "ASIDE", "FORM", "BUTTON", "LABEL"]);
  const TABLE_PARTS = new Set(["TD", "TH", "TBODY", "THEAD"]);
  const INLINE = new Set(["A", "SPAN", "B", "I", "EM", "STRONG", "IMG", "BR", "P", "TIME", "FONT", "SMALL",
    "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "CODE", "PRE", "BUTTON", "LABEL", "INPUT", "FORM",
    "CITE", "ABBR", "SUP", "SUB", "U", "S"]);
  const POST_WORD = /comment|review|(?:^|[-_])(?:post|message|msg|reply|answer|status|tweet)/iu;
  const MAX_TOKENS = 8;
  const COUNTS = /** @type {const} */ (["text", "linked", "times", "pictures", "authors", "fields"]);

  /**
   * Facts of every element, gathered once from the leaves up: length of text, of text inside
   * links, times, pictures, signs of an author, editable fields.
   */
  R.survey = (root) => {
    const elements = R.elementsBelow(root);
    /** @type {Survey["facts"]} */ const facts = new Map();
    elements.forEach((element, order) => facts.set(element, ownFacts(element, order)));
    for (let at = elements.length - 1; at >= 0; at -= 1) {
      const parent = R.parentOf(elements[at]);
      const above = parent && facts.get(parent);
      if (above) addUp(above, /** @type {ElementFacts} */ (facts.get(elements[at])));
    }
    return { root, elements, facts };
  };

  /** @param {Element} element @param {number} order @returns {ElementFacts} */
  const ownFacts = (element, order) => {
    const fact = { order, text: 0, linked: 0, times: 0, pictures: 0, authors: 0, fields: 0 };
    const inLink = element.tagName === "A" || (element.closest && element.closest("a") !== null);
    for (const child of R.childrenOf(element)) {
      if (child.nodeType !== Node.TEXT_NODE) continue;
      const text = R.fold(child.data);
      fact.text += text.length;
      if (inLink) fact.linked += text.length;
      if (text.length >= 2 && text.length <= 60 && element.tagName !== "TIME" && R.isTimeLike(text)) {
        fact.times += 1;
      }
    }
    if (element.tagName === "TIME" || element.hasAttribute("data-utime")) fact.times += 1;
    if (element.tagName === "IMG") fact.pictures += 1;
    if (R.looksLikeAuthor(element)) fact.authors += 1;
    if (/^(?:INPUT|TEXTAREA)$/u.test(element.tagName) && /** @type {HTMLInputElement} */ (element).type !== "hidden") fact.fields += 1;
    return fact;
  };

  /** @param {ElementCounts} above changed @param {ElementCounts} below */
  const addUp = (above, below) => {
    for (const name of COUNTS) {
      above[name] += below[name];
    }
  };

  /** Groups of elements that share one sign. @param {Survey} survey */
  const gather = ({ elements, facts }) => {
    /** @type {Groups} */ const groups = new Map();
    const add = (/** @type {string} */ sign, /** @type {Element} */ element) => {
      const group = groups.get(sign);
      if (group) group.push(element);
      else groups.set(sign, [element]);
    };
    /** @type {Map<Element, number>} */ const numbers = new Map();
    const numberOf = (/** @type {Element} */ element) => {
      if (!numbers.has(element)) numbers.set(element, numbers.size);
      return numbers.get(element);
    };
    for (const element of elements) {
      if (INLINE.has(element.tagName) || /** @type {ElementFacts} */ (facts.get(element)).text < 2) continue;
      const tag = element.tagName;
      const pattern = R.idPattern(element.id);
      if (pattern) add(`id ${tag} ${pattern}`, element);
      for (const name of R.idAttributes(element)) add(`data ${tag} ${name}`, element);
      const kind = R.semanticKind(element);
      if (kind) add(`kind ${tag} ${kind}`, element);
      for (const token of [...element.classList].slice(0, MAX_TOKENS)) add(`class ${tag} ${token}`, element);
      const parent = R.parentOf(element);
      if (parent && !TABLE_PARTS.has(tag)) {
        add(`run ${numberOf(parent)} ${tag}`, element);
        add(`run ${numberOf(parent)} ${tag} ${shapeOf(element)}`, element);
      }
    }
    return mergeRuns(groups);
  };

  /** Two levels of tags below an element, without counts: the same for records of one template. @param {Element} element */
  const shapeOf = (element) => {
    const tags = new Set();
    for (const child of element.children) {
      if (R.isSkipped(child)) continue;
      tags.add(child.tagName);
    }
    return [...tags].sort().join(",");
  };

  /** Runs of the same tag and shape under different parents (replies, pages) become one group. @param {Groups} groups */
  const mergeRuns = (groups) => {
    /** @type {Groups} */ const merged = new Map();
    for (const [sign, group] of groups) {
      const parts = sign.split(" ");
      if (parts[0] !== "run" || parts.length < 4 || !parts[3]) continue;
      const key = `shape ${parts[2]} ${parts[3]}`;
      merged.set(key, [...(merged.get(key) ?? []), ...group]);
    }
    for (const [sign, group] of merged) groups.set(sign, group);
    return groups;
  };

  /**
   * A group's items with the facts that are their own (nested items of the group taken out).
   * @param {Element[]} group
   * @param {Survey} survey
   */
  const itemsOf = (group, { facts }) => {
    const members = new Set(group);
    const factsOf = (/** @type {Element} */ element) => /** @type {ElementFacts} */ (facts.get(element));
    /** @type {Map<Element, OwnFacts>} */
    const own = new Map(group.map((element) => [element, { ...factsOf(element), depth: 0 }]));
    for (const element of group) {
      let above = R.parentOf(element);
      while (above && !members.has(above)) above = R.parentOf(above);
      if (!above) continue;
      const parent = /** @type {OwnFacts} */ (own.get(above));
      const fact = factsOf(element);
      for (const name of COUNTS) {
        parent[name] -= fact[name];
      }
      /** @type {OwnFacts} */ (own.get(element)).depth = 1;
    }
    return own;
  };

  /**
   * How much a group reads like the page's list of posts: the words it covers, weighed by the
   * share of items that have what a post has. A group of fragments (paragraphs, cells) covers as
   * many words but lacks times and authors; a group of sections has several of them an item.
   * @param {string} sign
   * @param {Element[]} group
   * @param {Survey} survey
   */
  const scoreOf = (sign, group, survey) => {
    const own = itemsOf(group, survey);
    let words = 0;
    const shares = { timed: 0, named: 0, crowded: 0 };
    for (const fact of own.values()) {
      const reading = Math.max(0, fact.text - 0.8 * fact.linked);
      words += Math.min(Math.sqrt(reading), 28);
      if (fact.times > 0) shares.timed += 1 / group.length;
      if (fact.authors > 0 || fact.pictures > 0) shares.named += 1 / group.length;
      if (fact.times > 4 || fact.authors > 8) shares.crowded += 1 / group.length;
    }
    const full = 0.15 + 0.55 * shares.timed + 0.3 * shares.named;
    // two neighbours of one tag are a list only if each has a time: most pages are made of such
    const chance = /^(?:run|shape|class) /u.test(sign) && group.length < 3 && shares.timed < 0.99;
    const quality = chance ? full / 2 : full;
    const score = words * quality ** 2 * hintFactor(sign, group) * (1 - 0.85 * shares.crowded);
    return { score, quality };
  };

  /** @param {string} sign @param {Element[]} group */
  const hintFactor = (sign, group) => {
    let factor = 1;
    if (sign.startsWith("kind") && !sign.endsWith(" article")) factor *= 1.3;
    if (sign.startsWith("id ") || sign.startsWith("data ")) factor *= 1.2;
    if (POST_WORD.test(sign)) factor *= 1.25;
    if (/(?:reply|replies|list|wrapp?er|container|content|body|header|footer|meta)$/iu.test(sign)) factor *= 0.9;
    const first = group[0];
    for (let at = /** @type {Element | null} */ (first); at; at = R.parentOf(at)) {
      if (OFF_LIST.has(at.tagName) && at !== first) return factor * 0.35;
    }
    return factor;
  };

  /**
   * Whether each element of `outer` holds exactly one own element of `inner`.
   * @param {Element[]} outer
   * @param {Element[]} inner
   */
  const wraps = (outer, inner) => {
    if (outer.length !== inner.length) return false;
    const outers = new Set(outer);
    const seen = new Set();
    for (const element of inner) {
      let at = /** @type {Element | null} */ (element);
      while (at && !outers.has(at)) at = R.parentOf(at);
      if (!at || seen.has(at)) return false;
      seen.add(at);
    }
    return true;
  };

  /** The best group of a surveyed page: {sign, score, quality, items}; null when nothing repeats. */
  R.findGroup = (survey) => {
    const ranked = rank(survey);
    if (!ranked.length) return null;
    let best = ranked[0];
    for (const other of ranked) {
      if (other === best || other.score < best.score * 0.85) continue;
      if (other.group[0].contains(best.group[0]) && wraps(other.group, best.group)) best = other;
    }
    return { sign: best.sign, score: best.score, quality: best.quality, items: dropEmpty(best.group, survey) };
  };

  /** @param {Survey} survey @returns {Ranked[]} best first */
  const rank = (survey) => {
    const orderOf = (/** @type {Element} */ element) => /** @type {ElementFacts} */ (survey.facts.get(element)).order;
    const seen = new Set();
    /** @type {Ranked[]} */ const ranked = [];
    for (const [sign, group] of gather(survey)) {
      const strong = sign.startsWith("kind") || (sign.startsWith("id ") && POST_WORD.test(sign));
      if (group.length < 2 && !strong) continue;
      group.sort((a, b) => orderOf(a) - orderOf(b));
      const key = group.map(orderOf).join(",");
      if (seen.has(key)) continue;
      seen.add(key);
      ranked.push({ sign, group, ...scoreOf(sign, group, survey) });
    }
    return ranked.sort((a, b) => b.score - a.score);
  };

  /** @param {Element[]} group @param {Survey} survey */
  const dropEmpty = (group, survey) => {
    const own = itemsOf(group, survey);
    return group.filter((element) => /** @type {OwnFacts} */ (own.get(element)).text > 0);
  };
})();
