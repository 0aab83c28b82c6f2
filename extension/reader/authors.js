// Who wrote an item: by what the mark-up says, by a picture and a name that lead to one address, or
// by the first place whose short text differs from item to item.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const AUTHOR_SIGNS = [
    '[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', ".p-author .p-name", ".p-author",
    ".fn", '[rel~="author"]', "[data-author]", '[class*="username" i]', '[class*="user-name" i]',
    '[class*="author-name" i]', '[class*="authorname" i]', '[class*="profile-name" i]', '[class*="display-name" i]', '[class*="displayname" i]',
    '[class*="author" i] a', '[class*="author" i]',
    '[data-testid*="author" i]', '[data-testid*="user-name" i]', "cite", "[data-hovercard-type=user]",
    '[class*="user" i] a', 'a[href*="/user/"]', 'a[href*="/users/"]', 'a[href*="/profile"]',
    'a[href*="/member"]', 'a[href*="/@"]',
  ];
  const NAMED = /author|user-?name|poster|(?:^|[-_\s])user(?:$|[-_\s]|info|link)|(?:^|\s)(?:fn|vcard|avatar|nickname|byline)(?:\s|$)/iu;

  /** Whether an element's own mark-up says "author". Used to weigh groups, not to read names. */
  R.looksLikeAuthor = (element) => {
    if (element.getAttribute("itemprop") === "author" || /\bauthor\b/u.test(element.getAttribute("rel") || "")) {
      return true;
    }
    if (element.tagName === "CITE" || element.hasAttribute("data-username")) return true;
    const names = typeof element.className === "string" ? element.className : "";
    return NAMED.test(names) || /user-?name|author/iu.test(element.getAttribute("data-testid") ?? "");
  };

  /** @param {Element} element @param {Skip} skip */
  const nameIn = (element, skip) => {
    const given = element.getAttribute("data-author") || (element.tagName === "META" ? element.getAttribute("content") : "");
    const name = leading(element, R.fold(given || R.blockText(element, undefined, skip)));
    return name.length >= 1 && name.length <= 80 && !R.isTimeLike(name) ? name.replace(/\s*:$/u, "") : "";
  };

  /** A name's own link or stress, where counts and badges stand behind it. @param {Element} element @param {string} text */
  const leading = (element, text) => {
    const link = element.tagName === "A" ? null : element.querySelector("a[href],strong,b");
    const name = link ? R.fold(link.textContent) : "";
    return name.length > 1 && name.length < text.length && text.startsWith(name) ? name : text;
  };

  /** Learns where the author stands: `authorSign`, or else `authorSlot`. */
  R.learnAuthor = (read, profile) => {
    const items = read.map(({ item }) => item);
    profile.authorSign = authorSign(items, profile, 0.9);
    profile.authorSlot = profile.authorSign ? null : authorSlot(read, profile, 0.9);
    if (profile.authorSign || profile.authorSlot !== null) return;
    profile.authorSign = authorSign(items, profile, 0.6);
    profile.authorSlot = profile.authorSign ? null : authorSlot(read, profile, 0.7);
  };

  /**
   * The first sign of an author that fits most items and does not say the same in all of them.
   * @param {Element[]} items
   * @param {ItemProfile} profile
   * @param {number} most share of items that have it
   */
  const authorSign = (items, profile, most) => {
    for (const sign of [...AUTHOR_SIGNS, PORTRAIT]) {
      const names = items.map((item) => {
        const found = firstName(item, sign, profile);
        return found ? nameIn(found, profile.skip) : "";
      });
      const given = names.filter((name) => name !== "");
      if (given.length >= Math.max(1, items.length * most) && varies(given)) return sign;
    }
    return null;
  };

  /** Whether names differ at all; of a few items one may have written all. @param {string[]} names */
  const varies = (names) => names.length <= 4 || new Set(names).size > 1;

  /** Stands for: the name whose link leads where the portrait's link leads. */
  const PORTRAIT = "portrait";

  /** @param {Element} item @param {string} sign @param {ItemProfile} profile @returns {Element | null} */
  const firstName = (item, sign, profile) => {
    const { skip } = profile;
    const fits = (/** @type {Element} */ found) => nameIn(found, skip) !== "" && !found.closest("blockquote,q");
    if (sign === "[data-author]" && item.hasAttribute("data-author")) return item;
    for (const part of R.partsOf(item, profile)) {
      const found = sign === PORTRAIT ? besidePortrait(part, skip) : R.ownOne(part, sign, skip, fits);
      if (found) return found;
    }
    return null;
  };

  /** @param {Element} item @param {Skip} skip @returns {Element | null} */
  const besidePortrait = (item, skip) => {
    /** @type {Set<string>} */ const portraits = new Set();
    const isPortrait = (/** @type {Element} */ link) => {
      const address = link.getAttribute("href") ?? "";
      if (link.querySelector("img") && !R.fold(link.textContent)) portraits.add(address);
      return false;
    };
    R.ownOne(item, "a[href]", skip, isPortrait);
    const fits = (/** @type {Element} */ link) =>
      portraits.has(link.getAttribute("href") ?? "") && nameIn(link, skip) !== "" && /\p{L}/u.test(nameIn(link, skip));
    return portraits.size ? R.ownOne(item, "a[href]", skip, fits) : null;
  };

  /**
   * Without a sign: the first place whose short text is there in most items and varies.
   * @param {ItemLeaves[]} read
   * @param {ItemProfile} profile
   * @param {number} most share of items that have it
   */
  const authorSlot = (read, { times }, most) => {
    /** @type {Map<string, {path: string, names: string[], items: Set<Element>}>} */
    const slots = new Map();
    for (const { item, leaves } of read) {
      for (const { text, element } of leaves.slice(0, 8)) {
        const folded = R.fold(text).replace(/\s*:$/u, "");
        if (folded.length > 40 || R.isTimeLike(folded) || times.get(item)?.contains(element)) continue;
        if (R.controlAround(element, item) || element === item || !/\p{L}/u.test(folded)) continue;
        const path = R.pathOf(element, item);
        const slot = slots.get(path) ?? { path, names: [], items: new Set() };
        if (!slot.items.has(item)) slot.names.push(folded);
        slot.items.add(item);
        slots.set(path, slot);
      }
    }
    const good = [...slots.values()].filter((slot) => slot.items.size >= read.length * most && varies(slot.names));
    return good.length && read.length > 1 ? good[0].path : null;
  };

  /** The element that holds an item's author; null when there is none. */
  R.authorElement = (item, profile) => {
    if (profile.authorSign) return firstName(item, profile.authorSign, profile);
    if (profile.authorSlot === null) return null;
    const found = R.elementAt(item, profile.authorSlot);
    return found && nameIn(found, profile.skip) ? found : null;
  };

  R.authorOf = (item, profile) => {
    const element = R.authorElement(item, profile);
    if (!element) return { author: null, author_id: null };
    const link = /** @type {HTMLAnchorElement | null} */ (element.closest("a[href]:not(svg *)") ?? element.querySelector("a[href]:not(svg *)"));
    const inside = link && R.partsOf(item, profile).some((part) => part.contains(link));
    const id = R.ownOne(item, "[data-user-id],[data-author-id]", profile.skip);
    const given = id ? id.getAttribute("data-user-id") || id.getAttribute("data-author-id") : null;
    return { author: nameIn(element, profile.skip) || null, author_id: given ?? (inside ? link.href : null) };
  };
})();
