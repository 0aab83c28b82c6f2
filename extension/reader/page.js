// The three functions that checker and extension call: readPage, readItem, itemAround.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /**
   * @typedef {Pick<ItemGroup, "items" | "templates" | "bySite">} FoundItems
   * @typedef {object} Context what the page's items teach about each of them
   * @property {Map<Element, ItemProfile>} profiles of each item's template
   * @property {Set<Element>} members
   * @property {Map<Element, string>} ids
   * @property {Map<Element, string>} addresses of the items themselves
   * @property {SiteReading | undefined} bySite what the site's adapter read
   */

  /** @param {Element} item @param {Set<Element>} members */
  const parentItem = (item, members) => {
    for (let at = R.parentOf(item); at; at = R.parentOf(at)) if (members.has(at)) return at;
    return null;
  };

  /** @param {Element} item @param {Context} context @returns {ItemFields} */
  const fieldsOf = (item, context) => {
    const { ids, addresses } = context;
    const profile = /** @type {ItemProfile} */ (context.profiles.get(item));
    const id = ids.get(item) ?? null;
    const own = context.bySite?.fields.get(item);
    const parent = answeredBy(item, context);
    const fields = {
      post_id: id,
      parent_id: own?.parent ?? (parent ? (ids.get(parent) ?? null) : null),
      ...R.authorOf(item, profile, addresses.get(item) ?? null),
      text: own?.text ?? R.textOf(item, profile),
      ...R.timeOf(item, profile),
      permalink: addresses.get(item) ?? null,
    };
    return own ? R.overlaid(fields, own) : fields;
  };

  /** The item that an item answers to: the one that its site names, or the one around it. @param {Element} item @param {Context} context */
  const answeredBy = (item, { bySite, members, ids }) => {
    const named = bySite?.fields.get(item)?.parent;
    if (!named) return parentItem(item, members);
    return [...ids].find(([other, id]) => id === named && other !== item)?.[0] ?? null;
  };

  /** @param {FoundItems} found @returns {Context} */
  const contextOf = ({ items, templates, bySite }) => {
    const members = new Set(items);
    /** @type {Context["profiles"]} */ const profiles = new Map();
    /** @type {Context["ids"]} */ const ids = new Map();
    /** @type {Context["addresses"]} */ const addresses = new Map();
    // a parent holds its replies' links too: those of nested lists are not counted twice
    const shared = items.some((item) => parentItem(item, members)) ? new Map() : R.linkCounts(items);
    for (const { group, annex } of templates) {
      const profile = R.learnProfile(group, items, annex);
      const told = R.addressesOf(group, items, profile, shared);
      for (const item of group) profiles.set(item, profile);
      for (const [item, id] of told.ids) ids.set(item, id);
      for (const [item, address] of told.permalinks) addresses.set(item, address);
    }
    if (bySite) R.settleFields(bySite, profiles, ids, addresses);
    return { profiles, members, ids, addresses, bySite };
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
    const parent = answeredBy(item, context);
    return {
      ...fieldsOf(item, context),
      parent: parent ? /** @type {number} */ (places.get(parent)) : null,
      visible: hidden === null,
      hidden_by: hidden,
      unfoldable: hidden !== null && R.canUnfold(body),
      box: boxOf(item),
      struck: /** @type {ItemProfile} */ (context.profiles.get(item)).struck.has(item),
      pictures: [...body.querySelectorAll("img")].filter((img) => !R.emojiOf(img)).length,
    };
  };

  /**
   * Reads the page: {page, posts}. `posts` stand in the page's order; `parent` is the place of
   * the post answered to. Nothing is changed and nothing is fetched. `options.root` limits it.
   */
  R.readPage = (options = {}) => {
    const root = options.root ?? document.body ?? document.documentElement;
    const { group: found, adapter } = R.readList(root);
    const posts = [];
    if (found) {
      const context = contextOf(found);
      const places = new Map(found.items.map((item, place) => [item, place]));
      for (const item of found.items) posts.push(postOf(item, context, places));
    }
    const facts = R.pageFacts?.(found, posts);
    const page = facts ? { ...facts, site: adapter?.used ? adapter.name : facts.site, adapter } : {};
    return { page, posts };
  };

  /** The fields of one item, read with what the page's other items teach. */
  R.readItem = (element) => {
    const found = R.itemsOn(document.body);
    if (found && found.items.includes(element)) return fieldsOf(element, contextOf(found));
    const alone = { items: [element], templates: [{ group: [element], annex: null }] };
    return fieldsOf(element, contextOf(alone));
  };

  /** The repeated item that contains a node; the element itself when none is found. */
  R.itemAround = (element) => {
    const found = R.itemsOn(document.body);
    const members = new Set(found ? found.items : []);
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (members.has(at)) return at;
    return element;
  };
})();
