// Facts of every element, gathered once from the leaves up, so that groups are weighed cheaply.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** What is counted of an element and all below it. */
  R.COUNTS = /** @type {const} */ (["text", "linked", "times", "pictures", "authors", "fields"]);

  /** Every element below `root` with its counts: length of text, of text inside links, times,
   * pictures, signs of an author, editable fields. */
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
      if (text.length >= 2 && text.length <= 60 && R.isTimeLike(text)) fact.times = 1;
    }
    if (R.marksTime(element)) fact.times = 1;
    if (element.tagName === "IMG") fact.pictures += 1;
    if (R.looksLikeAuthor(element)) fact.authors += 1;
    if (/^(?:INPUT|TEXTAREA)$/u.test(element.tagName) && /** @type {HTMLInputElement} */ (element).type !== "hidden") fact.fields += 1;
    return fact;
  };

  /** @param {ElementCounts} above changed @param {ElementCounts} below */
  const addUp = (above, below) => {
    for (const name of R.COUNTS) {
      above[name] += below[name];
    }
  };

  /**
   * The counts that are each item's own: those of nested items of the group taken out; `depth` is
   * 1 for a nested one.
   */
  R.ownCounts = (group, { facts }) => {
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
      for (const name of R.COUNTS) {
        parent[name] -= fact[name];
      }
      /** @type {OwnFacts} */ (own.get(element)).depth = 1;
    }
    return own;
  };
})();
