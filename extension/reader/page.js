// The three functions that checker and extension call: readPage, readItem, itemAround.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /**
   * @typedef {Pick<ItemGroup, "items" | "templates">} FoundItems
   * @typedef {object} Context what the page's items teach about each of them
   * @property {Map<Element, ItemProfile>} profiles of each item's template
   * @property {Set<Element>} members
   * @property {Map<Element, string>} ids
   * @property {Map<string | null, number>} shared in how many items an address stands
   */

  /** @param {string | null} href @returns {string | null} the http(s) address, or null */
  const absolute = (href) => {
    try {
      const url = new URL(/** @type {string} */ (href), document.baseURI);
      return /^https?:$/u.test(url.protocol) ? url.href : null;
    } catch {
      return null;
    }
  };

  /** Items of the page; null when nothing repeats. @param {Element} root */
  const itemsOf = (root) => {
    const group = R.findGroup(R.survey(root));
    return group && group.items.length ? group : null;
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

  /**
   * The link that leads to this one item: around its time, named so, or carrying its id.
   * @param {Element} item
   * @param {string | null} id
   * @param {ItemProfile} profile
   * @param {Context["shared"]} shared
   */
  const permalinkOf = (item, id, profile, shared) => {
    const digits = digitsOf(id);
    let carried = null;
    const parts = R.partsOf(item, profile);
    const links = parts.flatMap((part) => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (part.querySelectorAll("a[href]:not(svg *)"))]);
    for (const link of links) {
      if (inNested(link, item, profile) || link.closest("blockquote")) continue;
      const href = absolute(link.getAttribute("href"));
      if (!href || (shared.get(href) ?? 0) > 1) continue;
      const time = profile.times.get(item);
      if (time && (link.contains(time) || (time !== item && time.contains(link)))) return href;
      if (/\bbookmark\b/u.test(link.rel) || link.classList.contains("u-url") || /permalink/iu.test(link.outerHTML.slice(0, 300))) return href;
      if (!carried && digits && href.includes(digits) && !isAction(link)) carried = href;
      if (!carried && id && href.endsWith(`#${id}`)) carried = href;
    }
    return carried;
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

  /** @param {Element} item @param {Set<Element>} members */
  const parentItem = (item, members) => {
    for (let at = R.parentOf(item); at; at = R.parentOf(at)) if (members.has(at)) return at;
    return null;
  };

  /** @param {Element[]} items @returns {Context["shared"]} */
  const linkCounts = (items) => {
    /** @type {Context["shared"]} */ const counts = new Map();
    for (const item of items) {
      const own = new Set([...item.querySelectorAll("a[href]:not(svg *)")].map((link) => absolute(link.getAttribute("href"))));
      for (const href of own) counts.set(href, (counts.get(href) ?? 0) + 1);
    }
    return counts;
  };

  /** @param {Element} item @param {Context} context @returns {ItemFields} */
  const fieldsOf = (item, context) => {
    const { ids, shared } = context;
    const profile = /** @type {ItemProfile} */ (context.profiles.get(item));
    const id = ids.get(item) ?? null;
    const parent = parentItem(item, context.members);
    return {
      post_id: id,
      parent_id: parent ? (ids.get(parent) ?? null) : null,
      ...R.authorOf(item, profile),
      text: R.textOf(item, profile),
      ...R.timeOf(item, profile),
      permalink: permalinkOf(item, id, profile, shared),
    };
  };

  /** @param {FoundItems} found @returns {Context} */
  const contextOf = ({ items, templates }) => {
    const members = new Set(items);
    /** @type {Context["profiles"]} */ const profiles = new Map();
    /** @type {Context["ids"]} */ const ids = new Map();
    for (const { group, annex } of templates) {
      const profile = R.learnProfile(group, items, annex);
      for (const item of group) profiles.set(item, profile);
      for (const [item, id] of idSource(group, items, annex)) ids.set(item, id);
    }
    // a parent holds its replies' links too: those of nested lists are not counted twice
    const shared = items.some((item) => parentItem(item, members)) ? new Map() : linkCounts(items);
    return { profiles, members, ids, shared };
  };

  /** @param {Element} element */
  const boxOf = (element) => {
    const box = element.getBoundingClientRect();
    const round = (/** @type {number} */ value) => Math.round(value);
    return { x: round(box.x + scrollX), y: round(box.y + scrollY), width: round(box.width), height: round(box.height) };
  };

  /** @param {Element} item @param {Context} context @param {Map<Element, number>} places @returns {PagePost} */
  const postOf = (item, context, places) => {
    const body = R.bodyOf(item, /** @type {ItemProfile} */ (context.profiles.get(item)));
    const hidden = R.hiddenBy(body);
    const parent = parentItem(item, context.members);
    return {
      ...fieldsOf(item, context),
      parent: parent ? /** @type {number} */ (places.get(parent)) : null,
      visible: hidden === null,
      hidden_by: hidden,
      unfoldable: hidden !== null && R.canUnfold(body),
      box: boxOf(item),
      pictures: [...body.querySelectorAll("img")].filter((img) => !R.emojiOf(img)).length,
    };
  };

  /**
   * Reads the page: {page, posts}. `posts` stand in the page's order; `parent` is the place of
   * the post answered to. Nothing is changed and nothing is fetched. `options.root` limits it.
   */
  R.readPage = (options = {}) => {
    const root = options.root ?? document.body ?? document.documentElement;
    const found = itemsOf(root);
    const posts = [];
    if (found) {
      const context = contextOf(found);
      const places = new Map(found.items.map((item, place) => [item, place]));
      for (const item of found.items) posts.push(postOf(item, context, places));
    }
    const page = R.pageFacts ? R.pageFacts(found, posts) : {};
    return { page, posts };
  };

  /** The fields of one item, read with what the page's other items teach. */
  R.readItem = (element) => {
    const found = itemsOf(document.body);
    if (found && found.items.includes(element)) return fieldsOf(element, contextOf(found));
    const alone = { items: [element], templates: [{ group: [element], annex: null }] };
    return fieldsOf(element, { ...contextOf(alone), shared: new Map() });
  };

  /** The repeated item that contains a node; the element itself when none is found. */
  R.itemAround = (element) => {
    const found = itemsOf(document.body);
    const members = new Set(found ? found.items : []);
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (members.has(at)) return at;
    return element;
  };
})();
