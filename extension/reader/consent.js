// Refusing consent, where a banner offers a plain refusal. Never agreeing, and never going through
// settings: what is not a single click stays as it is.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const NAMED = /consent|cookie|gdpr|rgpd|dsgvo|onetrust|didomi|qc-cmp|sp_message|borlabs|cky-|cmp(?:box|-|_)|truste|usercentrics|privacy|tarteaucitron|axeptio|iubenda|klaro|osano|cc-window|fc-(?:consent|dialog)/iu;
  const TALKS = /cookie|consent|gdpr|rgpd|dsgvo|privacy|kakor|evästei|küpsis|slapuk|süti|informasjonskapsl|informační soubor|çerez|куки|クッキー|쿠키|ملفات تعريف|עוגיות|कुकी|คุกกี้|کوکی/iu;
  const MOST_WORDS = 4000;
  /** Quality of a group from which it is a list of posts. */
  const LIST = 0.45;
  const CONTROLS = "button,[role=button],a,input[type=button],input[type=submit]";
  const MOST_LABEL = 60;

  /** The box around a control that asks for consent: a dialog, something fixed, or named so. @param {Element} control */
  const boxAround = (control) => {
    for (let at = R.parentOf(control); at && at !== document.body; at = R.parentOf(at)) {
      const named = NAMED.test(`${at.id} ${at.getAttribute("class") ?? ""} ${at.getAttribute("aria-label") ?? ""}`);
      const dialog = at.matches("dialog,[role=dialog],[role=alertdialog],[aria-modal=true]");
      const over = dialog || /fixed|sticky/u.test(getComputedStyle(at).position);
      if (named || (over && TALKS.test(at.textContent ?? ""))) return at;
    }
    return null;
  };

  /** @param {Element} box @param {Element} control */
  const hasOthers = (box, control) =>
    R.selectBelow(box, CONTROLS).filter((other) => other !== control && !other.contains(control) && R.isBoxed(other) && R.labelOf(other)).length > 0;

  /** @param {string} label */
  const refuses = (label) => {
    const bare = R.bareWords(label);
    const { refuse = [], notPlain = [] } = R.words ?? {};
    if (!bare || label.length > MOST_LABEL || notPlain.some((part) => bare.includes(part))) return false;
    return refuse.some((wording) => bare === wording || bare.startsWith(`${wording} `));
  };

  /** Whether a click sends more than the answer to the question. @param {Element} control */
  const asksMore = (control) => {
    const form = control.closest("form");
    return form !== null && form.querySelector("input:not([type=hidden],[type=checkbox],[type=radio],[type=submit],[type=button]),textarea,select") !== null;
  };

  /** A thread in a window of its own may talk of cookies too, and ask "Decline?" in a post.
   * @param {Element} box @param {Element[]} items */
  const holdsPosts = (box, items) => items.some((item) => box.contains(item) || item.contains(box));

  /** What is plainly a list of posts: a banner's own paragraphs, where nothing else repeats, are none. */
  R.listedOf = (group) => (group.items.length > 1 && group.quality >= LIST ? group.items : []);

  const listed = () => {
    const group = R.findGroup(R.survey(document.body));
    return group ? R.listedOf(group) : [];
  };

  /** The control that plainly refuses, by a known manager's own name for it or by its words. */
  const refusal = () => {
    /** @type {Element[] | null} */ let found = null;
    const items = () => (found ??= listed());
    for (const selector of R.words?.managers ?? []) {
      const known = R.selectBelow(document, selector).find((control) => R.isBoxed(control) && R.staysHere(control) && !asksMore(control));
      if (known && !items().some((item) => item.contains(known))) return known;
    }
    return R.selectBelow(document, CONTROLS).find((control) => {
      if (!refuses(R.labelOf(control)) || !R.isBoxed(control) || !R.staysHere(control) || asksMore(control)) return false;
      const box = boxAround(control);
      return box !== null && hasOthers(box, control) && !holdsPosts(box, items());
    }) ?? null;
  };

  /** Whether a box that lies over the page asks for consent by its words: it talks of it, offers
   * something to click, and is neither a text to read nor the list itself in a window of its own.
   * @param {Element} box @param {Element[]} items */
  R.asksConsent = (box, items) => {
    const said = R.fold(box.textContent ?? "");
    if (said.length > MOST_WORDS || !TALKS.test(said) || holdsPosts(box, items)) return false;
    return R.selectBelow(box, CONTROLS).some((control) => R.isBoxed(control) && R.labelOf(control));
  };

  /** Clicks the refusal; what it said, or null when there is none. */
  R.refuseConsent = () => {
    const control = /** @type {HTMLElement | null} */ (refusal());
    if (!control) return null;
    const label = R.labelOf(control).slice(0, 60);
    control.click();
    return label;
  };
})();
