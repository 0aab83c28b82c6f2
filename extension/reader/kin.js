// The kin of a list: posts of the same list that stand in another template.
//
// A collapsed or removed post in the list's own place, comments on answers, the opening post, and
// the neighbour that carries the time of a record made of two elements (MDR's generalised nodes).
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const SHARED = 0.95;
  const MOST_TIMES = 6;

  /** @param {Element} element @param {Set<Element>} members @returns {Element | null} the nearest member above */
  const memberAbove = (element, members) => {
    for (let at = R.parentOf(element); at; at = R.parentOf(at)) if (members.has(at)) return at;
    return null;
  };

  /** @param {Element[]} group at least one @returns {Element} */
  const commonAncestor = (group) => {
    let above = /** @type {Element | null} */ (R.parentOf(group[0]));
    while (above && group.some((element) => !(/** @type {Element} */ (above)).contains(element))) above = R.parentOf(above);
    return above ?? document.body;
  };

  /** Neighbours that carry the items' times: `before` or `after` each of them; null when none do. */
  R.annexOf = (group, { facts }) => {
    const members = new Set(group);
    for (const side of /** @type {const} */ (["before", "after"])) {
      const found = group.map((item) => R.neighbour(item, side)).filter((near) => near && !members.has(near)
        && (facts.get(near)?.times ?? 0) > 0 && (facts.get(near)?.times ?? 0) <= 4);
      if (found.length >= group.length * 0.9 && new Set(found).size === found.length) return side;
    }
    return null;
  };

  R.neighbour = (item, side) => (side === "before" ? item.previousElementSibling : item.nextElementSibling);

  /** The best group with what belongs to it: one entry for each template. */
  R.withKin = (best, ranked, survey) => {
    const main = { group: withTwins(best.group, survey), annex: best.annex };
    const templates = [main];
    for (const other of ranked) {
      if (other.score < best.score * 0.1) break;
      const items = templates.flatMap(({ group }) => group);
      if (isNested(other, items, survey)) templates.push({ group: other.group, annex: null });
    }
    const opening = openingOf(templates, survey);
    if (opening) templates.unshift({ group: [opening], annex: null });
    return templates;
  };

  /** Whether an element stands among the members, each of which may have wrappers of its own. @param {Element} element @param {Set<Element>} members */
  const isBeside = (element, members) => {
    let above = R.parentOf(element);
    for (let steps = 0; above && steps < 3; above = R.parentOf(above), steps += 1) {
      for (let child = above.firstElementChild; child; child = child.nextElementSibling) {
        for (let at = /** @type {Element | null} */ (child), depth = 0; at && depth <= steps; at = at.firstElementChild, depth += 1) if (members.has(at)) return true;
      }
    }
    return false;
  };

  /** What the elements right around the items have in common, when each item has its own; else "". @param {Element[]} group */
  const wrapperOf = (group) => {
    const wrappers = [...new Set(group.map(R.parentOf))].filter((element) => element !== null);
    if (wrappers.length < group.length) return "";
    const tag = R.parentOf(group[1])?.tagName ?? "";
    const alike = wrappers.filter((element) => element.tagName === tag);
    const tokens = alike.length ? [...alike[0].classList].filter((token) => alike.every((element) => element.classList.contains(token))) : [];
    return alike.length >= group.length * 0.7 && tokens.length ? `${tag}${tokens.map((token) => `.${CSS.escape(token)}`).join("")}` : "";
  };

  /**
   * The group with those elements of the list that share a class word for posts with all of it:
   * collapsed, removed or otherwise unlike posts, in the items' own places or nested in them.
   * @param {Element[]} group
   * @param {Survey} survey
   */
  const withTwins = (group, survey) => {
    if (group.length < 3) return group;
    const tag = group[0].tagName;
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const element of group) for (const token of R.classTokens(element)) counts.set(token, (counts.get(token) ?? 0) + 1);
    const tokens = [...counts].filter(([token, count]) => count >= group.length * SHARED && R.namesPosts(token)).map(([token]) => token);
    if (!tokens.length || group.some((element) => element.tagName !== tag)) return group;
    const members = new Set(group);
    const wrapper = wrapperOf(group);
    const list = commonAncestor(group);
    const orderOf = (/** @type {Element} */ element) => survey.facts.get(element)?.order ?? 0;
    const twins = [...list.querySelectorAll(tag)].filter((element) => {
      if (members.has(element) || (survey.facts.get(element)?.text ?? 0) < 2) return false;
      const own = R.classTokens(element);
      if (!tokens.some((token) => own.includes(token))) return false;
      const parent = /** @type {Element} */ (R.parentOf(element));
      if (wrapper && parent.matches(wrapper) && !members.has(/** @type {Element} */ (parent.firstElementChild))) return true;
      return isBeside(element, members) || memberAbove(element, members) !== null;
    });
    return [...group, ...twins].sort((a, b) => orderOf(a) - orderOf(b));
  };

  /**
   * Whether a group is a list of posts inside the posts known so far (comments on answers) or around
   * them: both keep a time and an author of their own when they are told apart.
   * @param {Ranked} other
   * @param {Element[]} items
   * @param {Survey} survey
   */
  const isNested = (other, items, survey) => {
    const declared = /^(?:id|data|kind) /u.test(other.sign) && R.namesPosts(other.sign);
    if (!declared || other.group.length < 2 || other.quality < 0.65) return false;
    const members = new Set(items);
    const others = new Set(other.group);
    if (other.group.some((element) => members.has(element))) return false;
    const inside = other.group.filter((element) => memberAbove(element, members)).length;
    const around = items.filter((element) => memberAbove(element, others)).length;
    if (inside < other.group.length * 0.5 && around < items.length * 0.5) return false;
    if (isPart(other.group, items) || isPart(items, other.group)) return false;
    if (around && R.isOffList(other.group[0])) return false;
    const own = R.ownCounts([...items, ...other.group], survey);
    return ownPosts(other.group, own) >= 0.75 && ownPosts(items, own) >= 0.75;
  };

  /** Whether nearly each outer element holds just one of the inner: a part of a post, no answer to it. @param {Element[]} inner @param {Element[]} outer */
  const isPart = (inner, outer) => {
    const outers = new Set(outer);
    /** @type {Map<Element, number>} */ const held = new Map();
    for (const element of inner) {
      const above = memberAbove(element, outers);
      if (above) held.set(above, (held.get(above) ?? 0) + 1);
    }
    return outer.length > 1 && [...held.values()].filter((count) => count === 1).length >= outer.length * 0.8;
  };

  /** Share of elements that are posts by themselves. @param {Element[]} group @param {Map<Element, OwnFacts>} own */
  const ownPosts = (group, own) =>
    group.filter((element) => {
      const fact = /** @type {OwnFacts} */ (own.get(element));
      return fact.times > 0 && fact.authors > 0 && fact.text - fact.linked > 8;
    }).length / group.length;

  /**
   * The opening post: before the list, made of the same parts as its items (most of the class words
   * that all items hold inside), with a time of its own.
   * @param {Template[]} templates
   * @param {Survey} survey
   */
  const openingOf = (templates, survey) => {
    const items = templates.flatMap(({ group }) => group);
    const parts = partsOf(templates[0].group, new Set(items));
    if (parts.size < 4) return null;
    const first = templates[0].group[0];
    /** @type {Map<Element, Set<string>>} */ const held = new Map();
    for (const element of survey.elements) {
      if (element === first) break;
      const tokens = R.classTokens(element).filter((token) => parts.has(token));
      if (!tokens.length || element.contains(first)) continue;
      for (let at = /** @type {Element | null} */ (element); at && !at.contains(first); at = R.parentOf(at)) {
        const known = held.get(at) ?? new Set();
        for (const token of tokens) known.add(token);
        held.set(at, known);
      }
    }
    const fits = [...held].filter(([element, tokens]) => tokens.size >= parts.size * 0.6 && isOpening(element, items, survey));
    const most = Math.max(...fits.map(([, tokens]) => tokens.size));
    const fullest = fits.filter(([, tokens]) => tokens.size === most).map(([element]) => element);
    return fullest.find((element) => !fullest.some((other) => other !== element && element.contains(other))) ?? null;
  };

  /** @param {Element} element */
  const isArticle = (element) => element.getAttribute("role") === "article";

  /** @param {Element} element @param {Element[]} items @param {Survey} survey */
  const isOpening = (element, items, survey) => {
    const members = new Set(items);
    if (members.has(element) || memberAbove(element, members) || R.isOffList(element)) return false;
    // where every item is an article to a screen reader, the opening post is one too
    if (items.every(isArticle) && !isArticle(element) && !element.querySelector("[role=article],article")) return false;
    const nested = items.filter((item) => element.contains(item));
    const fact = R.ownCounts([element, ...nested], survey).get(element);
    return fact !== undefined && fact.times >= 1 && fact.times <= MOST_TIMES && fact.text - fact.linked >= 8;
  };

  /** Class words that nearly all items hold inside. @param {Element[]} group @param {Set<Element>} members */
  const partsOf = (group, members) => {
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const item of group) {
      const tokens = new Set();
      for (const element of R.ownElements(item, (nested) => members.has(nested))) {
        for (const token of R.classTokens(element)) tokens.add(token);
      }
      for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    return new Set([...counts].filter(([, count]) => count >= group.length * 0.8).map(([token]) => token));
  };
})();
