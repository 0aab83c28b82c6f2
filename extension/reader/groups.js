// Groups of elements that share one sign: candidates for the records of a list.
//
// Several independent signs: ids of one pattern, data ids, microdata and roles, a class (its
// digits folded), siblings of one tag or shape. After the idea of MDR (Liu, KDD 2003): records are
// similar neighbours in the tag tree.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const TABLE_PARTS = new Set(["TD", "TH", "TBODY", "THEAD"]);
  const INLINE = new Set(["A", "SPAN", "B", "I", "EM", "STRONG", "IMG", "BR", "P", "TIME", "FONT", "SMALL",
    "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "CODE", "PRE", "BUTTON", "LABEL", "INPUT", "FORM",
    "CITE", "ABBR", "SUP", "SUB", "U", "S", "META", "LINK"]);
  const MAX_TOKENS = 8;
  const MAX_PATHS = 120;
  const MAX_DEPTH = 6;
  const LIKENESS_SAMPLE = 40;

  /** @typedef {Map<string, Element[]>} Groups from the sign to its elements in order */

  /** The class tokens of an element, digits folded: `loop-item-0` and `loop-item-1` are one. */
  R.classTokens = (element) =>
    element.classList.length ? [...new Set([...element.classList].slice(0, MAX_TOKENS).map((token) => R.idPattern(token) ?? token))] : [];

  /** All groups of a surveyed page, by sign; those of one tag without another sign are `run`s. */
  R.gatherGroups = ({ elements, facts }) => {
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
      for (const sign of declaredSigns(element)) add(sign, element);
      const parent = R.parentOf(element);
      const tag = element.tagName;
      if (!parent || TABLE_PARTS.has(tag)) continue;
      add(`run ${numberOf(parent)} ${tag}`, element);
      add(`run ${numberOf(parent)} ${tag} ${shapeOf(element)}`, element);
    }
    return mergeRuns(groups);
  };

  /** What an element's own attributes say. @param {Element} element */
  const declaredSigns = (element) => {
    const tag = element.tagName;
    const signs = [];
    const pattern = R.idPattern(element.id);
    if (pattern) signs.push(`id ${tag} ${pattern}`);
    for (const name of R.idAttributes(element)) signs.push(`data ${tag} ${name}`);
    const kind = R.semanticKind(element);
    if (kind) signs.push(`kind ${tag} ${kind}`);
    for (const token of R.classTokens(element)) signs.push(`class ${tag} ${token}`);
    return signs;
  };

  /**
   * The tags just below an element, without counts: the same for records of one template. The cells
   * of a row are counted, for a record may have two rows.
   * @param {Element} element
   */
  const shapeOf = (element) => {
    const tags = new Set();
    for (let child = element.firstElementChild; child; child = child.nextElementSibling) {
      if (!R.isSkipped(child)) tags.add(child.tagName);
    }
    const shape = [...tags].sort().join(",");
    return element.tagName === "TR" ? `${shape}*${element.childElementCount}` : shape;
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

  /** Paths of block tags below an element: what its template is made of. @param {Element} element @param {Set<Element>} members */
  const pathsOf = (element, members) => {
    /** @type {Set<string>} */ const paths = new Set();
    const walk = (/** @type {Element} */ node, /** @type {string} */ path, /** @type {number} */ depth) => {
      for (let child = node.firstElementChild; child; child = child.nextElementSibling) {
        if (paths.size >= MAX_PATHS || R.isSkipped(child) || members.has(child)) continue;
        const name = /^(?:P|BR|B|I|EM|STRONG|CODE|PRE|BLOCKQUOTE|FONT|U|S)$/u.test(child.tagName) ? "" : child.tagName;
        if (!name) continue;
        paths.add(`${path}>${name}`);
        if (depth < MAX_DEPTH) walk(child, `${path}>${name}`, depth + 1);
      }
    };
    walk(element, "", 1);
    return paths;
  };

  /**
   * How alike the items of a group are inside, 0 to 1: the share of each item's own paths of tags
   * that at least half of the items have. Records of one template are alike, sections of a page
   * are not.
   */
  R.likeness = (group) => {
    const step = Math.max(1, Math.ceil(group.length / LIKENESS_SAMPLE));
    const shares = sharesOf(group, group.filter((_, at) => at % step === 0));
    return shares.length < 2 ? 1 : shares.reduce((sum, { share }) => sum + share, 0) / shares.length;
  };

  /** The same for each item, with the number of its paths. */
  R.kinships = (group) => sharesOf(group, group);

  /** @param {Element[]} group @param {Element[]} sampled */
  const sharesOf = (group, sampled) => {
    const members = new Set(group);
    const sample = sampled.map((element) => pathsOf(element, members));
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const paths of sample) for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1);
    const common = sample.length === 2 ? 2 : sample.length / 2;
    return sample.map((paths) => {
      const shared = [...paths].filter((path) => (counts.get(path) ?? 0) >= common).length;
      return { paths: paths.size, share: paths.size ? shared / paths.size : 1 };
    });
  };
})();
