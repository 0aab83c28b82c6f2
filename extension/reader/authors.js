// Who wrote an item: by what the mark-up says, by a picture and a name that lead to one address, or
// by the first place whose short text differs from item to item.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const AUTHOR_SIGNS = [
    '[itemprop="author"] [itemprop="name"]', '[itemprop="author"]', ".p-author .p-name", ".p-author",
    ".fn", '[rel~="author"]', "[data-author]", '[class*="username" i]', '[class*="user-name" i]',
    '[class*="author-name" i]', '[class*="authorname" i]', '[class*="profile-name" i]', '[class*="display-name" i]', '[class*="displayname" i]',
    '[class*="author" i] a', '[class*="author" i]', '[class*="nickname" i]', '[class*="nick" i]',
    '[data-testid*="author" i]', '[data-testid*="user-name" i]', "cite", "[data-hovercard-type=user]",
    '[class*="user" i] a', 'a[href*="/user/"]', 'a[href*="/users/"]', 'a[href*="/profile"]',
    'a[href*="/member"]', 'a[href*="/@"]',
  ];
  /** Signs that name an author even where all items name the same. */
  const SURE_SIGNS = AUTHOR_SIGNS.slice(0, 6).concat('[class*="username" i]', '[class*="fullname" i]', '[class*="owner-name" i]',
    '[class*="owner_name" i]', '[class*="author-name" i]', '[class*="author" i] a');
  const MARKED_SIGNS = AUTHOR_SIGNS.filter((sign) => !sign.startsWith("a["));
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
    const name = leading(element, R.fold(given || firstLine(R.blockText(element, undefined, skip))));
    return name.length >= 1 && name.length <= 80 && !R.isTimeLike(name) && /[\p{L}\p{N}]/u.test(name) ? name.replace(/\s*:$/u, "") : "";
  };

  const PERSON = /\/(?:users?|u|profile|people|members?)\/([^/?#]{2,40})\/?(?:[?#]|$)/u;

  /** The name in the address of a link without words, to somebody's own page. @param {Element} element */
  const nameInAddress = (element) => {
    const found = element.tagName === "A" ? PERSON.exec(element.getAttribute("href") ?? "") : null;
    return found && /\p{L}/u.test(found[1]) ? found[1] : "";
  };

  /** The first line that has letters: ranks and counts stand below a name. @param {string} text */
  const firstLine = (text) => text.split("\n").find((line) => /\p{L}/u.test(line)) ?? text;

  /** A name's own link or stress, where counts and badges stand behind it. @param {Element} element @param {string} text */
  const leading = (element, text) => {
    const link = element.tagName === "A" ? null : element.querySelector("a[href],strong,b");
    const name = link ? R.fold(link.textContent) : "";
    return name.length > 1 && name.length < text.length && text.startsWith(name) ? name : text;
  };

  /** Learns where the author stands: `authorSign`, or else `authorSlot`. */
  R.learnAuthor = (read, profile) => {
    const items = read.map(({ item }) => item);
    const slots = slotsOf(read, profile);
    const one = (/** @type {() => string | null} */ sign, /** @type {() => Slot | null} */ slot) => {
      if (profile.authorSign || profile.authorSlot) return;
      profile.authorSign = sign();
      profile.authorSlot = profile.authorSign ? null : (slot()?.found ?? null);
    };
    profile.authorSign = null;
    profile.authorSlot = null;
    const nobody = () => null;
    one(() => authorSign(items, profile, 0.9, true), nobody);
    one(() => authorSign(items, profile, 0.9, false), nobody); // a wall on which one alone writes
    one(nobody, () => bestSlot(slots, read.length, 0.9));
    one(() => authorSign(items, profile, 0.6, true), nobody);
    one(nobody, () => bestSlot([addressed(read, profile)], read.length, 0.6));
    one(nobody, () => bestSlot(slots, read.length, 0.7));
    one(nobody, () => (read.length === 1 ? stressed(read[0].item, profile) : null));
  };

  const STRESS = "b,strong,cite,a[href]";

  /**
   * The name at the head of a post that has no neighbours to compare: a stressed or linked word or
   * two, in what the mark-up calls a post, before its time.
   * @param {Element} item
   * @param {ItemProfile} profile
   * @returns {Slot | null}
   */
  const stressed = (item, profile) => {
    const time = profile.times.get(item) ?? null;
    const [first] = R.leaves(item, profile.skip);
    if (!time || !first || !R.namesPosts(`${item.id} ${item.getAttribute("class") ?? ""}`)) return null;
    const isHead = (/** @type {Element} */ found) => found.contains(first.element) && !found.closest("h1,h2,blockquote")
      && Boolean(found.compareDocumentPosition(time) & Node.DOCUMENT_POSITION_FOLLOWING) && !found.contains(time);
    const element = R.ownOne(item, STRESS, profile.skip, isHead);
    const name = element ? nameIn(element, profile.skip) : "";
    if (!element || !name || name.length > 40 || name.split(" ").length > 4) return null;
    return { found: new Map([[item, { element, name }]]), names: [name], control: false };
  };

  /**
   * The first sign of an author that fits most items and does not say the same in all of them.
   * @param {Element[]} items
   * @param {ItemProfile} profile
   * @param {number} most share of items that have it
   * @param {boolean} several whether the items are to have several authors
   */
  const authorSign = (items, profile, most, several) => {
    for (const sign of several ? [...AUTHOR_SIGNS, PORTRAIT] : SURE_SIGNS) {
      const names = items.map((item) => {
        const found = firstName(item, sign, profile);
        return found ? nameIn(found, profile.skip) : "";
      });
      const given = names.filter((name) => name !== "");
      if (given.length >= Math.max(1, items.length * most) && areNames(given) && (!several || varies(given))) return sign;
    }
    return null;
  };

  /** Whether names differ at all; of a few items one may have written all. @param {string[]} names */
  const varies = (names) => names.length <= 4 || new Set(names.map((name) => name.replace(/\d+/gu, "#"))).size > 1;

  /** Whether most of them have more to them than a number or a letter. @param {string[]} names */
  const areNames = (names) => names.filter((name) => (name.match(/\p{L}/gu) ?? []).length > 1).length * 2 > names.length;

  /** Stands for: the name whose link leads where the portrait's link leads. */
  const PORTRAIT = "portrait";

  /** @param {Element} item @param {string} sign @param {ItemProfile} profile @returns {Element | null} */
  const firstName = (item, sign, profile) => {
    const { skip } = profile;
    const fits = (/** @type {Element} */ found) => nameIn(found, skip) !== "" && !found.closest("blockquote,q") && !isOwned(found);
    if (sign === "[data-author]" && item.getAttribute("data-author")) return item;
    for (const part of R.partsOf(item, profile)) {
      const found = sign === PORTRAIT ? besidePortrait(part, skip) : R.ownOne(part, sign, skip, fits);
      if (found) return found;
    }
    return null;
  };

  /** Whether an element names its author without showing the name: the author's words, not the name. @param {Element} element */
  const isOwned = (element) => {
    const given = R.fold(element.getAttribute("data-author") ?? "").replace(/^@/u, "");
    const text = R.fold(element.textContent);
    return given !== "" && text !== "" && !text.toLowerCase().includes(given.toLowerCase());
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

  /** @typedef {{found: Map<Element, FoundName>, names: string[], control: boolean}} Slot a place, with what stands there by item */

  /**
   * Places near the top of the items with short texts that may be names, in the page's order.
   * @param {ItemLeaves[]} read
   * @param {ItemProfile} profile
   */
  const slotsOf = (read, profile) => {
    /** @type {Map<string, Slot>} */ const slots = new Map();
    for (const { item, leaves } of read) {
      for (const part of R.partsOf(item, profile)) {
        for (const leaf of (part === item ? leaves : R.leaves(part)).slice(0, TOP)) noteName(slots, item, part, leaf, profile);
      }
    }
    return [...slots.values()];
  };

  /** Names that only the addresses of portraits tell. @param {ItemLeaves[]} read @param {ItemProfile} profile @returns {Slot} */
  const addressed = (read, profile) => {
    /** @type {Slot} */ const slot = { found: new Map(), names: [], control: false };
    for (const { item } of read) {
      const element = R.ownOne(item, "a[href]", profile.skip, (link) => !R.fold(link.textContent) && nameInAddress(link) !== "");
      if (!element) continue;
      slot.names.push(nameInAddress(element));
      slot.found.set(item, { element, name: nameInAddress(element) });
    }
    return slot;
  };

  const TOP = 10;
  const COUNT = /^[\d.,\s]+(?:\p{L}{0,3}|\s\p{L}+)$/u;

  /**
   * @param {Map<string, Slot>} slots changed
   * @param {Element} item
   * @param {Element} part of the item's record
   * @param {Leaf} leaf
   * @param {ItemProfile} profile
   */
  const noteName = (slots, item, part, { text, element }, profile) => {
    const name = R.fold(text).replace(/\s*:$/u, "");
    if (name.length > 40 || R.isTimeLike(name) || COUNT.test(name) || !/\p{L}/u.test(name)) return;
    if (element === item || R.isInTime(profile.times.get(item) ?? null, element)) return;
    const control = R.controlAround(element, part) !== null;
    const holder = outermost(element, part);
    const whole = R.fold(holder.textContent) === R.fold(text) ? nameIn(holder, profile.skip) : "";
    const side = part === item ? "" : "beside ";
    for (const path of [R.pathOf(holder, part), profile.placeOf(element)].map((place) => side + place)) {
      /** @type {Slot} */ const slot = slots.get(path) ?? { found: new Map(), names: [], control };
      if (!slot.found.has(item)) slot.names.push(name);
      if (!slot.found.has(item)) slot.found.set(item, { element: holder, name: whole || name });
      slots.set(path, slot);
    }
  };

  /** The outermost element around one that holds nothing else: a name with or without a link. @param {Element} element @param {Element} stop */
  const outermost = (element, stop) => {
    const text = R.fold(element.textContent);
    let at = element;
    for (let up = R.parentOf(at); up && up !== stop && R.fold(up.textContent) === text; up = R.parentOf(at)) at = up;
    return at;
  };

  /**
   * The first place whose texts differ from item to item; initials in the place of a portrait give
   * way to the names that they abbreviate, and controls to anything else.
   * @param {Slot[]} slots
   * @param {number} items
   * @param {number} most share of items that have it
   */
  const bestSlot = (slots, items, most) => {
    if (items < 2) return null;
    const good = slots.filter((slot) => slot.found.size >= items * most && varies(slot.names));
    const named = good.filter((slot) => areNames(slot.names));
    return named.find((slot) => !slot.control) ?? named.find((slot) => !slot.names.some((name) => /\d/u.test(name))) ?? good.find((slot) => !slot.control) ?? null;
  };

  /** Characters of a notice that may name its moderator in a post's place: no author is guessed there. */
  const MOST_NOTICE = 240;

  /** The element that holds an item's author; null when there is none. */
  R.authorElement = (item, profile) => {
    if (profile.authorSlot) return profile.authorSlot.get(item)?.element ?? null;
    if (!profile.authorSign) return null;
    // a guest's or a former member's name may have mark-up of its own
    const others = item.textContent.length > MOST_NOTICE ? MARKED_SIGNS : SURE_SIGNS;
    return firstName(item, profile.authorSign, profile)
      ?? ["[data-author]", ...others].map((sign) => firstName(item, sign, profile)).find((found) => found && R.standsAlone(found, item)) ?? null;
  };

  /** Whether a link's query or fragment names the post's own address. @param {HTMLAnchorElement} link @param {string | null} own */
  const isAboutPost = (link, own) => {
    const { pathname, search, hash } = own ? new URL(own) : { pathname: "", search: "", hash: "" };
    return /\d/u.test(pathname + search + hash) && plain(link.search + link.hash).includes(plain(pathname + search + hash));
  };

  /** @param {string} part of an address */
  const plain = (part) => {
    try {
      return decodeURIComponent(part).toLowerCase();
    } catch {
      return part.toLowerCase();
    }
  };

  /**
   * The address of the author's own page. Where the name's link is about this post alone (a menu,
   * say: "block", "report"), it is a link whose path ends with the name.
   * @param {Element} item
   * @param {ItemProfile} profile
   * @param {HTMLAnchorElement} link @param {string} name @param {string | null} own
   */
  const personsPage = (item, profile, link, name, own) => {
    if (!isAboutPost(link, own)) return link.href;
    const handle = name.replace(/^@/u, "").toLowerCase();
    const isTheirs = (/** @type {Element} */ found) => {
      const { pathname } = /** @type {HTMLAnchorElement} */ (found);
      return /^https?:/u.test(/** @type {HTMLAnchorElement} */ (found).protocol)
        && plain(pathname).split("/").filter(Boolean).at(-1)?.replace(/^@/u, "") === handle;
    };
    const theirs = R.ownOne(item, "a[href]:not(svg *)", profile.skip, isTheirs);
    if (!theirs) return null;
    const { href, origin, pathname } = /** @type {HTMLAnchorElement} */ (theirs);
    return isAboutPost(/** @type {HTMLAnchorElement} */ (theirs), own) ? origin + pathname : href;
  };

  R.authorOf = (item, profile, own) => {
    const element = R.authorElement(item, profile);
    if (!element) return { author: null, author_id: null };
    const link = /** @type {HTMLAnchorElement | null} */ (element.closest("a[href]:not(svg *)") ?? element.querySelector("a[href]:not(svg *)"));
    const inside = link && R.partsOf(item, profile).some((part) => part.contains(link));
    const id = R.ownOne(item, "[data-user-id],[data-author-id]", profile.skip);
    const given = id ? id.getAttribute("data-user-id") || id.getAttribute("data-author-id") : null;
    const name = profile.authorSlot?.get(item)?.name ?? nameIn(element, profile.skip);
    return { author: name || null, author_id: given ?? (inside ? personsPage(item, profile, link, name, own) : null) };
  };
})();
