// Finding the repeated items of a page: the group of elements that reads most like one list.
//
// Each group of a sign is scored by how much reading text it covers and whether each item has what
// a post has: one time, an author. The best is then completed by its kin (kin.js).
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const OFF_LIST = new Set(["NAV", "FOOTER", "HEADER", "ASIDE", "FORM", "BUTTON", "LABEL"]);
  const POST_WORD = /comment|review|(?:^|[-_ ])(?:post|message|msg|reply|answer|status|tweet)/iu;
  const WEAK = /^(?:run|shape) /u;
  /** Quality of a list below which what the mark-up calls an article goes before its parts. */
  const WEAK_LIST = 0.6;
  /** Groups whose insides are compared: the best by score alone. */
  const COMPARED = 14;
  /** Characters of a placeholder at the most. */
  const FEW_WORDS = 160;

  /** Whether a name in the mark-up is a word for posts. */
  R.namesPosts = (name) => POST_WORD.test(name);

  /** Whether an element stands in a part of the page that holds no list of posts. */
  R.isOffList = (element) => {
    for (let at = R.parentOf(element); at; at = R.parentOf(at)) if (OFF_LIST.has(at.tagName)) return true;
    return false;
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
    const own = R.ownCounts(group, survey);
    let words = 0;
    const shares = { timed: 0, named: 0, crowded: 0 };
    for (const fact of own.values()) {
      const reading = Math.max(0, fact.text - 0.8 * fact.linked);
      words += Math.min(Math.sqrt(reading), 28);
      if (fact.times > 0) shares.timed += 1 / group.length;
      if (fact.authors > 0 || fact.pictures > 0) shares.named += 1 / group.length;
      if (fact.times > 4 || fact.authors > 12) shares.crowded += 1 / group.length;
    }
    const annex = shares.timed < 0.2 && group.length > 3 ? R.annexOf(group, survey) : null;
    if (annex) shares.timed = 0.9;
    const full = 0.15 + 0.55 * shares.timed + 0.3 * shares.named;
    // a few neighbours of one tag are a list only if each has a time: most pages are made of such
    const plain = /^(?:run|shape|class) /u.test(sign) && !POST_WORD.test(sign);
    const chance = plain && group.length < 5 && shares.timed < (group.length < 3 ? 0.99 : 0.7);
    const quality = chance ? full / 2 : full;
    const score = words * quality ** 2 * (1 - 0.85 * shares.crowded) * (annex ? 1.1 : 1);
    return { score, quality, annex };
  };

  /** How far a sign itself speaks for posts. @param {string} sign */
  const hintOf = (sign) => {
    let factor = 1;
    if (sign.startsWith("kind")) factor *= sign.endsWith(" article") ? 1.1 : 1.5;
    else if (sign.startsWith("id ") || sign.startsWith("data ")) factor *= 1.2;
    if (POST_WORD.test(sign)) factor *= 1.25;
    if (/(?:reply|replies|list|wrapp?er|container|content|body|header|footer|meta)$/iu.test(sign)) factor *= 0.9;
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

  /** The share of a group's elements that are in another one too. @param {Element[]} one @param {Element[]} other */
  const shared = (one, other) => {
    const others = new Set(other);
    return one.filter((element) => others.has(element)).length / one.length;
  };

  /** The list of posts of a surveyed page with its kin; null when nothing repeats. */
  R.findGroup = (survey) => {
    const ranked = R.rankGroups(survey);
    if (!ranked.length) return null;
    let best = ranked[0];
    for (const other of ranked) {
      if (other === best || other.score < best.score * 0.85) continue;
      const wider = shared(other.group, best.group) < 0.5 && other.group[0].contains(best.group[0]) && wraps(other.group, best.group);
      // where most are the same elements, the few that differ are frames around folded posts
      const bare = shared(other.group, best.group) >= 0.5 && wraps(best.group, other.group);
      if (wider || bare) best = other;
    }
    best = R.besideTeasers(declaredOf(recordsOf(best, ranked), ranked), ranked, survey);
    const parted = R.insideSections(best, ranked, survey);
    best = R.withoutFrame(parted.best, survey);
    const templates = R.withKin({ ...best, group: withPlaceholders(best, filled(best, survey), survey) }, ranked, survey);
    if (parted.opening && templates.length === 1) templates.unshift({ group: [parted.opening], annex: null });
    const orderOf = (/** @type {Element} */ element) => /** @type {ElementFacts} */ (survey.facts.get(element)).order;
    const items = templates.flatMap(({ group }) => group).sort((a, b) => orderOf(a) - orderOf(b));
    return { sign: best.sign, score: best.score, quality: R.trustIn(best, survey), items, templates };
  };

  /** Groups of a surveyed page, best first; the best ones with their insides compared. */
  R.rankGroups = (survey) => {
    const orderOf = (/** @type {Element} */ element) => /** @type {ElementFacts} */ (survey.facts.get(element)).order;
    /** @type {Map<string, Ranked>} */ const ranked = new Map();
    for (const [sign, group] of R.gatherGroups(survey)) {
      const strong = sign.startsWith("kind") || (sign.startsWith("id ") && POST_WORD.test(sign));
      if (group.length < 2 && !strong) continue;
      group.sort((a, b) => orderOf(a) - orderOf(b));
      const key = group.map(orderOf).join(",");
      const known = ranked.get(key);
      const hint = hintOf(sign);
      if (known && known.hint >= hint) continue;
      const weighed = known ?? { ...scoreOf(sign, group, survey), group };
      const bare = known ? known.score / known.hint : weighed.score * (R.isOffList(group[0]) ? 0.35 : 1);
      ranked.set(key, { ...weighed, sign, hint, score: bare * hint });
    }
    const found = [...ranked.values()].sort((a, b) => b.score - a.score);
    found.push(...found.slice(0, COMPARED).flatMap((entry) => sifted(entry, survey)));
    found.sort((a, b) => b.score - a.score);
    for (const entry of found.slice(0, COMPARED)) compare(entry);
    return found.sort((a, b) => b.score - a.score);
  };

  /**
   * A group that nothing but its look holds together, without those that have neither a time nor an
   * author: frames, menus and forms made with the posts' own parts. Empty when all are alike.
   * @param {Ranked} entry
   * @param {Survey} survey
   * @returns {Ranked[]}
   */
  const sifted = (entry, survey) => {
    const plain = /^(?:run|shape|class) /u.test(entry.sign) && !POST_WORD.test(entry.sign);
    if (!plain || entry.annex || entry.group.length < 5) return [];
    const own = R.ownCounts(entry.group, survey);
    const of = (/** @type {Element} */ element) => /** @type {OwnFacts} */ (own.get(element));
    const posts = entry.group.filter((element) => of(element).times > 0 && of(element).text > of(element).linked);
    if (posts.length < Math.max(3, entry.group.length * 0.4) || posts.length > entry.group.length * 0.9) return [];
    const weighed = scoreOf(entry.sign, posts, survey);
    return [{ ...entry, ...weighed, group: posts, sifted: entry.group, score: 0.9 * weighed.score * entry.hint * (R.isOffList(posts[0]) ? 0.35 : 1) }];
  };

  /**
   * A sifted list with the few plain words that stand between its posts: without a placeholder its
   * post would seem to be gone without a trace. An advert has a picture, or is a link.
   * @param {Ranked} entry
   * @param {Element[]} group those that are left of it, at least one
   * @param {Survey} survey
   */
  const withPlaceholders = ({ sifted = [] }, group, survey) => {
    const parents = new Set(group.map(R.parentOf));
    const between = sifted.slice(sifted.indexOf(group[0]), sifted.indexOf(group[group.length - 1]));
    const isPlaceholder = (/** @type {Element} */ element) => {
      const { text, linked, pictures } = /** @type {ElementFacts} */ (survey.facts.get(element));
      return text <= FEW_WORDS && linked * 2 <= text && !pictures && parents.has(R.parentOf(element));
    };
    const added = new Set(between.filter(isPlaceholder));
    return added.size ? sifted.filter((element) => added.has(element) || group.includes(element)) : group;
  };

  /** Takes from a group's score what its items are unlike inside. @param {Ranked} entry changed */
  const compare = (entry) => {
    const alike = R.likeness(entry.group);
    const weak = WEAK.test(entry.sign);
    entry.score *= 0.5 + 0.5 * alike;
    // a mere run of neighbours is a list only when they are made alike
    if (!weak) return;
    entry.quality *= Math.min(1, 0.4 + 0.9 * alike);
    // and not when hardly one shows a time: menus and galleries are alike too
    if (entry.quality < 0.5) entry.quality = Math.min(entry.quality, 0.44);
  };

  /**
   * What the mark-up itself calls articles goes before an accident of neighbours that scores a little
   * better: elsewhere on the page, each with a time and an author.
   * @param {Ranked} best
   * @param {Ranked[]} ranked
   */
  const declaredOf = (best, ranked) => {
    const around = ranked.find(({ group }) => best.quality < WEAK_LIST && group.every((element) => element.getAttribute("role") === "article")
      && best.group.every((element) => group.some((outer) => outer !== element && outer.contains(element))));
    if (around) return around;
    if (!/^(?:run|shape|class) /u.test(best.sign) || POST_WORD.test(best.sign)) return best;
    const declared = ranked.find(({ group, quality, score }) =>
      quality >= 0.85 && score * 1.6 >= best.score && group.every((element) => R.semanticKind(element) !== null)
      && (group.length > 1 || group[0].tagName !== "ARTICLE" || group[0].hasAttribute("role"))
      && !group.some((element) => element.contains(best.group[0])));
    return declared ?? best;
  };

  /** The records whose rows are the best group's items; the group itself when they are no rows. @param {Ranked} best @param {Ranked[]} ranked */
  const recordsOf = (best, ranked) => {
    for (const other of ranked.slice(0, COMPARED)) {
      const group = other.quality >= 0.6 ? withRows(other.group, best.group) : [];
      if (group.length) return { ...other, group };
    }
    return best;
  };

  /**
   * The elements of `outer` that hold all of `inner`, each the same number of them, two or three: the
   * rows of one record. Empty when it is not so.
   * @param {Element[]} outer
   * @param {Element[]} inner
   */
  const withRows = (outer, inner) => {
    const outers = new Set(outer);
    /** @type {Map<Element, number>} */ const held = new Map();
    for (const element of inner) {
      let at = /** @type {Element | null} */ (R.parentOf(element));
      while (at && !outers.has(at)) at = R.parentOf(at);
      if (!at) return [];
      held.set(at, (held.get(at) ?? 0) + 1);
    }
    const counts = [...held.values()];
    const rows = counts.length >= 3 && counts[0] >= 2 && counts[0] <= 3 && counts.every((count) => count === counts[0]);
    return rows ? outer.filter((element) => held.has(element)) : [];
  };

  /** Items with words; a mere run loses ends that nothing but their tag ties to the rest. @param {Ranked} entry @param {Survey} survey */
  const filled = (entry, survey) => {
    const own = R.ownCounts(entry.group, survey);
    const of = (/** @type {Element} */ element) => /** @type {OwnFacts} */ (own.get(element));
    const kept = entry.group.filter((element) => of(element).text > 0);
    const posts = kept.filter((element) => of(element).times > 0);
    if (!WEAK.test(entry.sign) || posts.length < Math.max(3, kept.length * 0.7)) return kept;
    const from = kept.indexOf(posts[0]);
    return kept.slice(from, kept.indexOf(posts[posts.length - 1]) + 1);
  };
})();
