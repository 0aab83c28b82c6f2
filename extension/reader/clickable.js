// What may be clicked on a page without changing anything but what it shows. Structure decides
// first; wordings (data given in `RatureReader.words`) only take away, or tell what a number counts.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** What is on or off: one of a row of orders may be, a thing that shows more is not. */
  const TOGGLES = "[aria-pressed],[aria-checked],[aria-selected],[role=radio],[role=tab]";
  /** Menus, fields, and whatever says that it sends something. */
  const NEVER = [
    ":disabled", "[aria-disabled=true]", "[aria-haspopup]:not([aria-haspopup=false])",
    "[download]", "[contenteditable]", "[formaction]", "[data-method]", "[data-confirm]",
    "[hx-post]", "[hx-put]", "[hx-patch]", "[hx-delete]", "[data-hx-post]", "[data-hx-put]", "[data-hx-delete]", "[data-turbo-method]",
    "select", "textarea", "input:not([type=button])", "label", "option",
    "[role=switch]", "[role=checkbox]", "[role=option]", "[role=combobox]", "[role=textbox]", "[role^=menuitem]",
  ].join(",");
  /** Verbs that programs, not people, are written in: names of classes, functions and ids. */
  const ACTS = new Set([
    "reply", "like", "dislike", "vote", "upvote", "downvote", "share", "report", "flag", "delete", "remove", "edit", "quote", "save",
    "bookmark", "follow", "subscribe", "block", "mute", "ban", "submit", "login", "logout", "signin", "signup", "register", "react",
    "award", "donate", "send", "spam", "postback", "retweet", "repost", "favorite", "favourite", "translate", "print",
  ]);
  const SHOWS = new Set(["show", "view", "more", "load", "expand", "unfold", "toggle", "open", "collapse", "collapsed", "hidden", "all"]);
  const MAX_LABEL = 80;

  /** @param {string} text @returns {string} lower case, with spaces for all but letters */
  R.bareWords = (text) => text.toLowerCase().replace(/[^\p{L}\p{M}]+/gu, " ").trim();

  /** What a control says: its text, or the name that it has for a screen reader. */
  R.labelOf = (element) => {
    const value = element instanceof HTMLInputElement ? element.value : "";
    return R.fold(element.textContent || value || element.getAttribute("aria-label") || element.getAttribute("title") || "");
  };

  /** Whether a click stays on the page: no address, or one that is only a place on it. */
  R.staysHere = (element) => {
    const link = element.closest("a");
    if (!link) return true;
    const href = link.getAttribute("href") ?? "";
    if (link.target && link.target !== "_self") return false;
    return href === "" || href.startsWith("#") || /^javascript:/iu.test(href);
  };

  /** Code without its strings, and without what only takes elements off the page. @param {string} code */
  const namesIn = (code) => code.replace(/(["'`])(?:\\.|(?!\1).)*\1/gu, "").replace(/\.remove\w*\(/gu, "(");

  /** The verbs in the names that a control bears. @param {Element} element */
  const acts = (element) => {
    const link = element.closest("a");
    const names = [element.id, element.getAttribute("class"), element.getAttribute("name"), element.getAttribute("data-action"), element.getAttribute("data-testid")];
    const href = link?.getAttribute("href") ?? "";
    const code = [element.getAttribute("onclick") ?? "", /^javascript:/iu.test(href) ? href : ""].map(namesIn);
    const tokens = [...names, ...code].join(" ").replace(/([a-z])([A-Z])/gu, "$1 $2").toLowerCase().split(/[^a-z]+/u);
    return tokens.some((token) => ACTS.has(token)) && !tokens.some((token) => SHOWS.has(token));
  };

  /** Whether it would send a form. A form around the whole list only forbids what submits it. @param {Element} element */
  const sends = (element) => {
    const form = element.closest("form");
    const button = element instanceof HTMLButtonElement ? element : null;
    if (button?.hasAttribute("form")) return true;
    if (!form) return false;
    const around = form.querySelectorAll("article,[role=article],li,details,time").length > 4;
    return !around || (button !== null && button.type !== "button") || element.matches("a[href^='javascript:' i]");
  };

  /** @param {string} label */
  const forbidden = (label) => {
    const bare = R.bareWords(label);
    const { never = [], folded = [], open = [] } = R.words ?? {};
    if (open.some((phrase) => bare.includes(phrase))) return false;
    const counts = /^[^\p{L}]*\p{N}/u.test(label);
    return never.some((word) => {
      const noun = folded.includes(word);
      return noun ? bare === word && !counts : bare === word || bare.startsWith(`${word} `);
    });
  };

  /** @param {Element} element */
  const isPlain = (element) => {
    if (element.matches(NEVER) || !R.staysHere(element)) return false;
    const label = R.labelOf(element);
    return label.length <= MAX_LABEL && !forbidden(label);
  };

  /** Whether a control may be there to unfold something, clicked or not. */
  R.mayShow = (element) => !element.matches(TOGGLES) && isPlain(element);

  R.mayClick = (element) => R.mayShow(element) && !acts(element) && !sends(element);

  /** Whether a control may be clicked as one of a row of choices. */
  R.mayChoose = (element) => isPlain(element) && !acts(element) && !sends(element);

  /** All elements below one that match, open shadow roots included. */
  R.selectBelow = (root, selector) => {
    const found = [...root.querySelectorAll(selector)];
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) found.push(...R.selectBelow(element.shadowRoot, selector));
    }
    return found;
  };
})();
