// What is known of single sites (data in `RatureReader.sites`, one file each in extension/sites) laid
// over the generic reading. Whenever it reads less than that one does, it steps aside and says why:
// a site that changed its mark-up must never look like a wall from which posts vanished.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** Where a saved page stands: its own words say where it is from. */
  const SAVED = "saved.invalid";
  /** The share of items in which a required field must be found. */
  const REQUIRED = 0.6;
  const LEAST_TEXT = 12;

  /** @typedef {{kind: SiteKind, items: Element[], lists: Element[] | null}} KindItems */

  const hostHere = () => {
    if (location.hostname !== SAVED) return location.hostname;
    const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
    const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[property='og:url']"));
    return URL.parse(link?.href || meta?.content || "")?.hostname ?? "";
  };

  /** @param {string} host @param {string} known */
  const isOf = (host, known) => host === known || host.endsWith(`.${known}`);

  /** The adapter for this page; by its host, or by a mark that a program leaves in its pages. @returns {SiteData | null} */
  R.siteHere = () => {
    const host = hostHere();
    const sites = R.sites ?? [];
    const marked = (/** @type {SiteData} */ site) =>
      site.marks.some((css) => R.guarded({ site, problems: new Set() }, css, false, () => document.querySelector(css) !== null));
    return sites.find((site) => site.hosts.some((known) => isOf(host, known))) ?? sites.find(marked) ?? null;
  };

  /** @param {Element} element @param {Element[]} boxes */
  const isWithin = (element, boxes) => boxes.some((box) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (at === box) return true;
    return false;
  });

  /**
   * Items by kind; an element belongs to the first kind that takes it.
   * @param {SiteJob} job @param {Element} root @param {(element: Element) => boolean} isRead @returns {KindItems[]}
   */
  const itemsBySite = (job, root, isRead) => {
    /** @type {Set<Element>} */ const taken = new Set();
    return job.site.kinds.map((kind) => {
      const lists = kind.list ? R.allBySite(job, root, kind.list) : null;
      const items = R.allBySite(job, root, kind.item).filter((item) =>
        isRead(item) && !taken.has(item) && (!lists || isWithin(item, lists)));
      for (const item of items) taken.add(item);
      return { kind, items, lists };
    });
  };

  /** The posts that the site's adapter knows on the page, unchecked: for a button at each. */
  R.siteItems = (root) => {
    const site = R.siteHere();
    return site ? itemsBySite({ site, problems: new Set() }, root, () => true).flatMap(({ items }) => items) : [];
  };

  /** Items of a group that hold words of their own and a moment: what a post has. @param {Element[]} items @param {Survey} survey */
  const plausible = (items, survey) => {
    const own = R.ownCounts(items, survey);
    return items.filter((item) => {
      const fact = /** @type {OwnFacts} */ (own.get(item));
      return fact.times > 0 && fact.text - fact.linked >= LEAST_TEXT;
    });
  };

  /**
   * Why the adapter's reading is not to be trusted; null when it is as full as the generic one.
   * @param {KindItems[]} kinds @param {Map<Element, SiteFields>} fields @param {ItemGroup | null} generic @param {Survey} survey
   * @param {SiteJob} job
   */
  const doubt = (kinds, fields, generic, survey, job) => {
    if (fields.size === 0) return kinds.some(({ lists }) => lists?.length === 0) ? "no_list" : "no_items";
    for (const { kind, items } of kinds) {
      for (const name of items.length ? kind.required : []) {
        const having = items.filter((item) => /** @type {SiteFields} */ (fields.get(item))[name]).length;
        if (having < items.length * REQUIRED) return `no_${name}`;
      }
    }
    const lists = kinds.every((entry) => entry.lists) ? kinds.flatMap((entry) => entry.lists ?? []) : null;
    const quoted = kinds.flatMap(({ kind }) => R.allBySite(job, survey.root, kind.quoted));
    const others = plausible(generic?.items ?? [], survey).filter((item) => (!lists || isWithin(item, lists)) && !isWithin(item, quoted));
    return misses(others, fields) ? "fewer_items" : null;
  };

  /** Whether posts that the generic reading found are in no item of the adapter's, or several in one. @param {Element[]} others @param {Map<Element, SiteFields>} fields */
  const misses = (others, fields) => {
    const items = [...fields.keys()];
    /** @type {Set<Element>} */ const held = new Set();
    let alone = 0;
    let shared = 0;
    for (const other of others) {
      let owner = /** @type {Element | null} */ (other);
      while (owner && !fields.has(owner)) owner = R.parentOf(owner);
      if (owner && held.has(owner)) return true;
      if (owner) held.add(owner);
      const isHere = owner !== null || items.some((item) => other.contains(item));
      if (isHere) shared += 1;
      else alone += 1;
    }
    const full = [...fields.values()].filter(({ text, author }) => author && (text ?? "").length >= LEAST_TEXT).length;
    return shared > 0 ? alone > 0 : alone > full;
  };

  /** The same measure as for generic groups: what share of the items has what a post has. @param {SiteFields[]} fields */
  const qualityOf = (fields) => {
    const share = (/** @type {(one: SiteFields) => unknown} */ has) => fields.filter(has).length / fields.length;
    return 0.15 + 0.55 * share((one) => one.markup_time ?? one.shown_time) + 0.3 * share((one) => one.author);
  };

  /**
   * The posts of a page: {group, adapter}. `group` is null when nothing repeats, and has `fields` by
   * item where the site's adapter reads it; `adapter` is null where there is none for the page.
   */
  R.readList = (root) => {
    const survey = R.survey(root);
    const generic = R.findGroup(survey);
    const group = generic && generic.items.length ? generic : null;
    const site = R.siteHere();
    if (!site) return { group, adapter: null };
    /** @type {SiteJob} */ const job = { site, problems: new Set() };
    const kinds = itemsBySite(job, survey.root, (item) => survey.facts.has(item)).filter(({ items, lists }) => items.length || lists);
    const members = new Set(kinds.flatMap(({ items }) => items));
    const skip = (/** @type {Element} */ element) => members.has(element);
    const fields = new Map(kinds.flatMap(({ kind, items }) => items.map((item) => [item, R.fieldsBySite(job, kind, item, skip)])));
    const why = doubt(kinds, fields, group, survey, job);
    const obstacles = (site.obstacles ?? []).filter(({ css }) => R.allBySite(job, document, css).some((element) => element.checkVisibility())).map(({ reason }) => reason);
    const adapter = (R.latest = { name: site.name, used: why === null, why, problems: [...job.problems], obstacles });
    if (why !== null) return { group, adapter };
    const orderOf = (/** @type {Element} */ element) => /** @type {ElementFacts} */ (survey.facts.get(element)).order;
    const items = [...members].sort((a, b) => orderOf(a) - orderOf(b));
    const templates = kinds.filter((entry) => entry.items.length).map((entry) => ({ group: entry.items, annex: null }));
    const quality = Math.max(qualityOf([...fields.values()]), group?.quality ?? 0);
    const kindOf = new Map(kinds.flatMap(({ kind, items: own }) => own.map((item) => [item, kind])));
    const found = { sign: `site ${site.name}`, score: group?.score ?? 0, quality, items, templates, bySite: { job, fields, kindOf } };
    return { group: found, adapter };
  };

  /** The items of the page, by whoever reads them best. */
  R.itemsOn = (root) => R.readList(root).group;

  /** What the site's adapter names for a way to more or a fold, inside `root`. */
  R.namedBySite = (name, root = document) => {
    const site = R.siteHere();
    const css = site?.more?.[name];
    return site && css ? R.allBySite({ site, problems: new Set() }, root, css) : [];
  };

  /** Whether the page still lacks what its adapter says to wait for. */
  R.isAwaited = () => {
    const site = R.siteHere();
    return Boolean(site?.wait) && R.allBySite({ site: /** @type {SiteData} */ (site), problems: new Set() }, document, site?.wait).length === 0;
  };
})();
