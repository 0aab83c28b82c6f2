// Reading the fields of items: what differs from item to item at the same place is content.
//
// A profile is learnt from all items of one template together (where the author, the time and the
// body stand), so that one short or unusual item is read like its neighbours.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** What the items of one template have in common; `all` are the page's items. In the page's order. */
  R.learnProfile = (items, all = items, annex = null) => {
    const nested = new Set(all);
    const skip = (/** @type {Element} */ element) => nested.has(element);
    const read = items.map((item) => ({ item, leaves: R.leaves(item, skip) }));
    const profile = /** @type {ItemProfile} */ ({ items: nested, skip, annex, labels: labelsOf(read) });
    profile.placeOf = R.placesIn(items, skip);
    profile.bodies = new Map();
    profile.times = R.learnTimes(read, profile);
    R.learnAuthor(read, profile);
    profile.bodyPath = R.learnBody(read, profile);
    profile.struck = struckOf(items, profile);
    return profile;
  };

  const STRUCK = /(?:^|[-_.])(?:deleted|removed|tombstone|moderated|redacted|withheld|expunged)(?:$|[-_.])|(?:Deleted|Removed|Tombstone)(?:$|[-_A-Z])/u;

  /** Style sheets hide much: it is said of a post, and the element for the words is not there. */
  const HIDDEN = /(?:^|[-_])hidden(?:$|[-_])/u;
  const USUAL = 0.8;

  /**
   * Places around the words that nearly all items have.
   * @param {Element[]} items
   * @param {ItemProfile} profile
   */
  const usualPlaces = (items, profile) => {
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const item of items) {
      const body = R.bodyOf(item, profile);
      const around = R.ownElements(body, profile.skip).filter((element) => element.textContent.length * 2 > body.textContent.length);
      for (const place of new Set(around.map(profile.placeOf))) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    return [...counts].filter(([, count]) => count >= USUAL * items.length).map(([place]) => place);
  };

  /**
   * Items whose own mark-up calls them deleted, in words that most others do not carry.
   * @param {Element[]} items
   * @param {ItemProfile} profile
   */
  const struckOf = (items, profile) => {
    /** @type {Map<string, Set<Element>>} */ const found = new Map();
    const usual = usualPlaces(items, profile);
    for (const item of items) {
      const own = R.ownElements(item, profile.skip);
      const places = new Set(own.map(profile.placeOf));
      const bodiless = usual.some((place) => !places.has(place));
      const says = (/** @type {string} */ token) => STRUCK.test(token) || (bodiless && HIDDEN.test(token) && R.namesPosts(token));
      for (const element of [item, ...own]) {
        if (R.isControl(element) || element.tagName === "A") continue;
        for (const token of [...element.classList, ...flagsOf(element)]) {
          if (says(token)) found.set(token, (found.get(token) ?? new Set()).add(item));
        }
      }
    }
    return new Set([...found.values()].filter((holders) => holders.size * 2 <= items.length).flatMap((holders) => [...holders]));
  };

  /** Names of data attributes that are set to say yes. @param {Element} element */
  const flagsOf = (element) =>
    [...element.attributes].filter(({ name, value }) => name.startsWith("data-") && /^(?:true|1|yes|)$/u.test(value)).map(({ name }) => name);

  /**
   * Short texts that stand in most items word for word: labels such as "Reply".
   * @param {ItemLeaves[]} read
   */
  const labelsOf = (read) => {
    /** @type {Map<string, number>} */ const counts = new Map();
    for (const { leaves } of read) {
      for (const text of new Set(leaves.map((leaf) => R.fold(leaf.text)))) {
        if (text.length <= 30) counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    const enough = Math.max(2, read.length * 0.5);
    return new Set([...counts].filter(([, count]) => count >= enough).map(([text]) => text));
  };

  /** The first element of an item itself that fits a selector and a test; nested items are passed over. */
  R.ownOne = (item, selector, skip, fits = () => true) => {
    for (const found of item.querySelectorAll(selector)) {
      if (isOwn(found, item, skip) && fits(found)) return found;
    }
    return null;
  };

  /** @param {Element} element @param {Element} item @param {Skip} skip */
  const isOwn = (element, item, skip) => {
    for (let at = /** @type {Element | null} */ (element); at && at !== item; at = R.parentOf(at)) {
      if (skip(at)) return false;
    }
    return true;
  };

  /** The item and, where its record has two elements, the neighbour that belongs to it. */
  R.partsOf = (item, profile) => {
    const near = profile.annex ? R.neighbour(item, profile.annex) : null;
    return near ? [item, near] : [item];
  };

  /** Tags from the item down to an element, with the position among equal tags. */
  R.pathOf = (element, item) => {
    const steps = [];
    for (let at = /** @type {Element | null} */ (element); at && at !== item; at = R.parentOf(at)) {
      let place = 1;
      for (let before = at.previousElementSibling; before; before = before.previousElementSibling) {
        if (before.tagName === at.tagName) place += 1;
      }
      steps.push(`${at.tagName}${place}`);
    }
    return steps.reverse().join(">");
  };
})();
