// Reading one item by a site's data: each field from the first of its sources that says something.
// No code comes from the data: selectors, names of attributes, patterns; wrong ones are reported.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const MOST_SHOWN = 60;
  const MOST_PROBLEMS = 20;

  /** Runs what wrong data may break; notes in `job` what did. */
  R.guarded = (job, what, otherwise, work) => {
    try {
      return work();
    } catch (error) {
      // a wrong selector is a DOMException, a wrong pattern a SyntaxError: both are the data's fault
      if (!(error instanceof DOMException || error instanceof SyntaxError)) throw error;
      if (job.problems.size < MOST_PROBLEMS) job.problems.add(what);
      return otherwise;
    }
  };

  /** All elements that fit a selector of a site's data. */
  R.allBySite = (job, root, css) => (css ? R.guarded(job, css, /** @type {Element[]} */ ([]), () => R.selectBelow(root, css)) : []);

  /** @param {SiteJob} job @param {Element} item @param {SiteSource} source @param {Skip} skip */
  const elementAt = (job, item, { css, up }, skip) => {
    if (!css) return item;
    return R.guarded(job, css, null, () => (up ? item.closest(css) : R.ownOne(item, css, skip)));
  };

  /** @param {SiteJob} job @param {Element} element @param {SiteSource} source @returns {string | null} */
  const valueAt = (job, element, { attr, pattern }) => {
    const raw = R.fold((attr ? element.getAttribute(attr) : element.textContent) ?? "");
    const whole = attr === "href" ? (URL.parse(raw, document.baseURI)?.href ?? "") : raw;
    if (!pattern) return whole || null;
    const found = R.guarded(job, pattern, null, () => new RegExp(pattern, "u").exec(whole));
    return found ? (found[1] ?? found[0]) || null : null;
  };

  /** The first source that says something. @param {SiteJob} job @param {Element} item @param {SiteSource[] | undefined} sources @param {Skip} skip */
  const told = (job, item, sources, skip) => {
    for (const source of sources ?? []) {
      const element = elementAt(job, item, source, skip);
      const value = element && valueAt(job, element, source);
      if (element && value) return { element, value, isValue: Boolean(source.attr ?? source.pattern) };
    }
    return null;
  };

  /** All that a site's data reads of one item; null where it finds nothing. */
  R.fieldsBySite = (job, kind, item, skip) => {
    const take = (/** @type {SiteSource[] | undefined} */ sources) => told(job, item, sources, skip)?.value ?? null;
    const words = told(job, item, kind.text, skip);
    const time = told(job, item, kind.time, skip);
    const shown = time ? R.fold(time.element.textContent) : "";
    const address = take(kind.permalink);
    return {
      id: take(kind.id),
      parent: take(kind.parent),
      author: take(kind.author),
      author_id: take(kind.author_id),
      body: words?.element ?? null,
      text: words && (words.isValue ? words.value : wordsIn(job, kind, words.element, skip)),
      shown_time: take(kind.shown) ?? (shown.length <= MOST_SHOWN ? shown || null : null),
      markup_time: time && kind.time?.some(({ attr }) => attr) && time.value !== shown ? time.value : null,
      permalink: address !== null && isOwnPage(job, address) ? address : null,
    };
  };

  /** Whether an address may be a post's own, as far as the site says. @param {SiteJob} job @param {string} address */
  const isOwnPage = (job, address) => {
    const own = job.site.own_page;
    return !own || R.guarded(job, own, false, () => new RegExp(own, "u").test(address));
  };

  /** All words of a post's body but those of its controls. @param {SiteJob} job @param {SiteKind} kind @param {Element} body @param {Skip} skip */
  const wordsIn = (job, kind, body, skip) => {
    const dropped = new Set((kind.drop ?? []).flatMap((css) => R.allBySite(job, body, css)));
    return R.blockText(body, undefined, (element) => dropped.has(element) || skip(element) || (element !== body && R.isControl(element)));
  };

  /** What the site's data read goes before what was read without; ids and addresses are of one kind. */
  R.settleFields = ({ job, fields, kindOf }, profiles, ids, addresses) => {
    for (const [item, own] of fields) {
      const kind = /** @type {SiteKind} */ (kindOf.get(item));
      if (own.body) profiles.get(item)?.bodies.set(item, own.body);
      if (kind.id) put(ids, item, own.id);
      const found = addresses.get(item);
      if (kind.permalink || (found && !isOwnPage(job, found))) put(addresses, item, own.permalink);
    }
  };

  /** @param {Map<Element, string>} map @param {Element} item @param {string | null} value */
  const put = (map, item, value) => void (value === null ? map.delete(item) : map.set(item, value));

  R.overlaid = (fields, own) => {
    const timed = own.shown_time !== null || own.markup_time !== null;
    return {
      ...fields,
      author: own.author ?? fields.author,
      author_id: own.author_id ?? fields.author_id,
      shown_time: timed ? own.shown_time : fields.shown_time,
      markup_time: timed ? own.markup_time : fields.markup_time,
    };
  };
})();
