// Second thoughts about the group that scores best: lists of links to other articles are longer than
// the comments, boxes of the page's frame wear the posts' clothes, and of two sections one may hold
// the list.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const HEADINGS = "h1,h2,h3,h4,h5,h6";
  const SURE = 0.85;
  /** Quality of a list with times; what else it is, its name tells. */
  const TIMED = 0.65;
  /** Characters of a post on average, those in links apart; less is a list of names or titles. */
  const READS = 20;
  /** Share of its own paths of tags below which an element at a list's end is of another make. */
  const FOREIGN = 0.35;
  const ALIKE = 0.75;
  const LEAST_PATHS = 6;
  const MOST_CUT = 2;
  /** Quality of a list that names its posts and their authors, but no times. */
  const UNTIMED = 0.6;

  /** @param {Element[]} group @param {(element: Element) => boolean} test */
  const shareOf = (group, test) => group.filter(test).length / group.length;

  /** Whether an element is announced by a heading that leads to another page, as teasers are. @param {Element} element */
  const isTeaser = (element) => {
    const heading = element.matches("a[href]") ? null : element.querySelector(HEADINGS);
    const link = heading && (heading.closest("a[href]") ?? heading.querySelector("a[href]"));
    if (!heading || !link || !element.contains(link)) return false;
    const { pathname, host } = new URL(/** @type {HTMLAnchorElement} */ (link).href || location.href, location.href);
    const linked = R.fold(link.textContent).length >= R.fold(heading.textContent).length * 0.6;
    return linked && (pathname !== location.pathname || host !== location.host);
  };

  /** @param {Ranked} entry @param {Survey} survey */
  const areTeasers = ({ group }, survey) =>
    shareOf(group, (element) => isTeaser(element) && (survey.facts.get(element)?.authors ?? 0) === 0) >= 0.8;

  /** @param {Element[]} one @param {Element[]} other */
  const apart = (one, other) => !one.some((a) => other.some((b) => a.contains(b) || b.contains(a)));

  /** Whether the mark-up calls a group posts of people: by a word for them, or by a type. @param {Ranked} entry */
  const isNamed = ({ sign, group }) =>
    R.namesPosts(sign) || group.every((element) => ![null, "article"].includes(R.semanticKind(element)));

  /** The list of posts on a page where teasers are more than they; else the best itself. */
  R.besideTeasers = (best, ranked, survey) => {
    if (!areTeasers(best, survey)) return best;
    return ranked.find((other) => {
      if (other === best || other.quality < TIMED || !isNamed(other) || R.isOffList(other.group[0])) return false;
      if (!apart(other.group, best.group) || areTeasers(other, survey)) return false;
      const own = [...R.ownCounts(other.group, survey).values()];
      const reading = own.reduce((sum, fact) => sum + fact.text - fact.linked, 0) / own.length;
      return reading >= READS && own.filter((fact) => fact.times > 0).length >= own.length * 0.8;
    }) ?? best;
  };

  /** The group without boxes of another make at its ends: "who is online" in a post's clothes. */
  R.withoutFrame = (entry, survey) => {
    const { sign, group } = entry;
    if (group.length < 5 || sign.startsWith("kind") || R.namesPosts(sign)) return entry;
    const kin = R.kinships(group);
    const named = (/** @type {number} */ at) => (survey.facts.get(group[at])?.authors ?? 0) > 0;
    const median = [...kin].map(({ share }) => share).sort((a, b) => a - b)[Math.floor(group.length / 2)];
    const isForeign = (/** @type {number} */ at) => kin[at].paths >= LEAST_PATHS && kin[at].share < FOREIGN && !named(at);
    if (median < ALIKE) return entry;
    let [from, to] = [0, group.length];
    while (from < MOST_CUT && isForeign(from)) from += 1;
    while (group.length - to < MOST_CUT && isForeign(to - 1)) to -= 1;
    return to - from >= group.length * 0.7 ? { ...entry, group: group.slice(from, to) } : entry;
  };

  /**
   * Of two sections, one the opening post and one the list of answers: what the second holds, and the
   * first as `opening`. A section has no time of its own beside those of the posts in it.
   */
  R.insideSections = (best, ranked, survey) => {
    if (best.group.length !== 2 || R.namesPosts(best.sign)) return { best, opening: null };
    for (const other of ranked) {
      if (other.quality < SURE || other.group.length < 2 || other.group.some((element) => best.group.includes(element))) continue;
      const [first, second] = best.group;
      if (!other.group.every((element) => second.contains(element)) || first.contains(second)) continue;
      const own = R.ownCounts([second, ...other.group], survey).get(second);
      const posts = [...R.ownCounts(other.group, survey).values()].every((fact) => fact.times === 1);
      if (own && own.times === 0 && posts) return { best: other, opening: first };
    }
    return { best, opening: null };
  };

  /** How far a list may be believed: posts need no times where all of them are called so and signed. */
  R.trustIn = (entry, survey) => {
    const { group, quality, sign } = entry;
    if (quality >= UNTIMED || group.length < 2 || !R.namesPosts(sign)) return quality;
    const own = [...R.ownCounts(group, survey).values()];
    const signed = own.every((fact) => fact.authors > 0 && fact.text - fact.linked >= READS);
    return signed && R.likeness(group) >= 0.8 ? UNTIMED : quality;
  };
})();
