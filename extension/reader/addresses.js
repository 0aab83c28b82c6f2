// Ids and addresses of items: an attribute or a link that is there in most items and differs in each.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** @param {string | null} href @returns {string | null} the http(s) address, or null */
  const absolute = (href) => {
    try {
      const url = new URL(/** @type {string} */ (href), document.baseURI);
      return /^https?:$/u.test(url.protocol) ? url.href : null;
    } catch {
      return null;
    }
  };

  /**
   * Where the posts' ids stand: the source that gives most items a value of their own.
   * @param {Element[]} items of one template
   * @param {Element[]} all of the page
   * @param {Annex} annex
   * @returns {Map<Element, string>}
   */
  const idSource = (items, all, annex) => {
    /** @type {Map<string, Map<Element, string>>} */ const values = new Map();
    const note = (/** @type {string} */ source, /** @type {Element} */ item, /** @type {string | null} */ value) => {
      if (!values.has(source)) values.set(source, new Map());
      const found = /** @type {Map<Element, string>} */ (values.get(source));
      if (!found.has(item)) found.set(item, /** @type {string} */ (value));
    };
    for (const item of items) {
      if (/\d/u.test(item.id)) note("own id", item, item.id);
      for (const element of nearby(item, all, annex)) {
        const pattern = R.idPattern(element.id);
        if (pattern) note(`id ${pattern}`, item, element.id);
        for (const name of R.idAttributes(element)) note(`${name}`, item, element.getAttribute(name));
        const named = element.getAttribute("name");
        if (element.tagName === "A" && R.idPattern(named)) note(`name ${R.idPattern(named)}`, item, named);
      }
    }
    const ranked = [...values].map(([source, found]) => ({ found, source, distinct: new Set(found.values()).size }));
    ranked.sort((a, b) => b.distinct - a.distinct);
    const top = ranked[0];
    return top && top.distinct >= items.length * 0.6 ? top.found : new Map();
  };

  /**
   * The item, the few elements around it that hold nothing else, and those just inside.
   * @param {Element} item
   * @param {Element[]} items
   * @param {Annex} annex
   */
  const nearby = (item, items, annex) => {
    const found = [item];
    const others = items.length;
    for (let up = R.parentOf(item), steps = 0; up && steps < 3; up = R.parentOf(up), steps += 1) {
      const around = up;
      const held = others > 60 ? 2 : items.filter((other) => around.contains(other)).length;
      if (held > 1) break;
      found.push(up);
    }
    const members = new Set(items);
    const walk = (/** @type {Element} */ element, /** @type {number} */ depth) => {
      for (const child of R.childrenOf(element)) {
        if (child.nodeType !== Node.ELEMENT_NODE || members.has(child)) continue;
        found.push(child);
        if (depth > 1) walk(child, depth - 1);
      }
    };
    walk(item, 5);
    const near = annex && R.neighbour(item, annex);
    if (near) {
      found.push(near);
      walk(near, 5);
    }
    return found;
  };

  /** @param {string | null} id */
  const digitsOf = (id) => /(\d{2,})\D*$/u.exec(id ?? "")?.[1] ?? /([0-9a-z]{5,})$/u.exec(id ?? "")?.[1] ?? null;

  /** @typedef {{href: string, place: string, rank: number}} Candidate rank 0 is surest */

  /**
   * Links that may lead to this one item: around its time, named so, or carrying its id.
   * @param {Element} item
   * @param {string | null} id
   * @param {ItemProfile} profile
   * @param {Map<string | null, number>} shared in how many items an address stands
   * @returns {Candidate[]} in the page's order
   */
  const candidatesOf = (item, id, profile, shared) => {
    const digits = digitsOf(id);
    const time = profile.times.get(item);
    /** @type {Candidate[]} */ const found = [];
    const parts = R.partsOf(item, profile);
    const links = parts.flatMap((part) => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (part.querySelectorAll("a[href]:not(svg *)"))]);
    for (const link of links) {
      if (inNested(link, item, profile) || link.closest("blockquote")) continue;
      const href = absolute(link.getAttribute("href"));
      const leads = href !== null && id !== null && href.endsWith(`#${id}`);
      const carries = leads || (href !== null && digits !== null && href.includes(digits));
      if (!href || ((shared.get(href) ?? 0) > 1 && !carries)) continue;
      const note = (/** @type {number} */ rank) => found.push({ href, place: profile.placeOf(link), rank });
      if (time && (link.contains(time) || (time !== item && R.isInTime(time, link)))) note(0);
      else if (/\bbookmark\b/u.test(link.rel) || link.classList.contains("u-url") || /permalink/iu.test(link.outerHTML.slice(0, 300))) note(0);
      else if (leads || (carries && !isAction(link))) note(1);
    }
    return found;
  };

  /**
   * Each item's own link: the surest, at the place where most of the items have theirs.
   * @param {Element[]} items
   * @param {Map<Element, string>} ids
   * @param {ItemProfile} profile
   * @param {Map<string | null, number>} shared
   * @returns {Map<Element, string>}
   */
  const ownLinks = (items, ids, profile, shared) => {
    const all = new Map(items.map((item) => [item, candidatesOf(item, ids.get(item) ?? null, profile, shared)]));
    /** @type {Map<string, number>} */ const uses = new Map();
    const key = (/** @type {Candidate} */ { place, rank }) => `${rank} ${place}`;
    for (const found of all.values()) for (const name of new Set(found.map(key))) uses.set(name, (uses.get(name) ?? 0) + 1);
    const often = (/** @type {Candidate} */ candidate) => (uses.get(key(candidate)) ?? 0) * 2 > items.length;
    /** @type {Map<Element, string>} */ const chosen = new Map();
    for (const [item, found] of all) {
      const sure = found.find(({ rank }) => rank === 0);
      const best = found.find((one) => one.rank === 0 && often(one)) ?? sure ?? found.find(often) ?? found[0];
      if (best) chosen.set(item, best.href);
    }
    return chosen;
  };

  /** @param {HTMLAnchorElement} link */
  const isAction = (link) =>
    R.isControl(link) || /\bnofollow\b/u.test(link.rel) || /[?&](?:reply|action|do|vote|mode)/iu.test(link.search);

  /** @param {Element} element @param {Element} item @param {ItemProfile} profile */
  const inNested = (element, item, profile) => {
    for (let at = R.parentOf(element); at && at !== item; at = R.parentOf(at)) {
      if (profile.items.has(at)) return true;
    }
    return false;
  };

  /** In how many items each address stands. @param {Element[]} items @returns {Map<string | null, number>} */
  R.linkCounts = (items) => {
    /** @type {Map<string | null, number>} */ const counts = new Map();
    for (const item of items) {
      const own = new Set([...item.querySelectorAll("a[href]:not(svg *)")].map((link) => absolute(link.getAttribute("href"))));
      for (const href of own) counts.set(href, (counts.get(href) ?? 0) + 1);
    }
    return counts;
  };

  /**
   * Links at one place of most items that lead somewhere else from each of them, within one site:
   * to posts, by the address's own words, or from a heading.
   * @param {Element[]} items of one template
   * @param {ItemProfile} profile
   * @param {Map<string | null, number>} shared
   * @returns {Map<Element, string>}
   */
  const linkSource = (items, profile, shared) => {
    /** @type {Map<string, {found: Map<Element, string>, named: boolean}>} */ const places = new Map();
    for (const item of items) {
      const author = R.authorElement(item, profile);
      for (const element of R.ownElements(item, profile.skip)) {
        if (element.tagName !== "A" || !element.hasAttribute("href")) continue;
        const link = /** @type {HTMLAnchorElement} */ (element);
        const href = absolute(link.getAttribute("href"));
        if (!href || (shared.get(href) ?? 0) > 1 || isAction(link) || link.closest("blockquote")) continue;
        if (author && (link.contains(author) || author.contains(link))) continue;
        const place = profile.placeOf(link);
        const known = places.get(place) ?? { found: new Map(), named: link.closest("h1,h2,h3,h4,h5,h6") !== null };
        if (!known.found.has(item)) known.found.set(item, href);
        known.named ||= new URL(href).pathname.split("/").some((step) => R.namesPosts(step));
        places.set(place, known);
      }
    }
    const good = [...places.values()].find(({ found, named }) => named && found.size >= Math.max(3, items.length * 0.8)
      && new Set(found.values()).size === found.size && new Set([...found.values()].map((href) => new URL(href).host)).size === 1);
    return good ? good.found : new Map();
  };

  /** What tells an address from its neighbours': its fragment, a value of its query, or its last step. @param {string} href */
  const idIn = (href) => {
    const url = new URL(href);
    const values = [...url.searchParams].filter(([name]) => /^(?:p|c|id|[a-z_]*id|lc|comment|post|msg|reply)$/iu.test(name)).map(([, value]) => value);
    const steps = url.pathname.split("/").filter(Boolean);
    return [url.hash.slice(1), ...values.reverse(), ...steps.slice(-1)].find((value) => /\d/u.test(value) && value.length >= 3 && value.length <= 120) ?? null;
  };

  /** Ids that a framework gives to elements anew at each load. */
  const PASSING = /^(?:id__|u_\d|:r|ember\d|yui|headlessui|radix|mui|react|ext-|ui-id|lazyload|gen-?\d)/iu;

  /** The ids and permalinks of the items of one template; `all` are the page's items. */
  R.addressesOf = (items, all, profile, shared) => {
    const given = idSource(items, all, profile.annex);
    const passing = [...given.values()].filter((id) => PASSING.test(id)).length * 2 > given.size;
    const ids = passing ? new Map() : given;
    const permalinks = new Map([...linkSource(items, profile, shared), ...ownLinks(items, ids, profile, shared)]);
    if (ids.size) return { ids, permalinks };
    const told = new Map([...permalinks].map(([item, href]) => [item, idIn(href)]));
    const values = [...told.values()].filter((id) => id !== null);
    const distinct = values.length >= items.length * 0.6 && new Set(values).size === values.length;
    const read = /** @type {[Element, string][]} */ ([...told].filter(([, id]) => id !== null));
    return { ids: distinct ? new Map(read) : given, permalinks };
  };
})();
