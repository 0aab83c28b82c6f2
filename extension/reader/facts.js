// Facts about the page as a whole. Recorded here, judged elsewhere: is there a field for a
// password, a captcha's frame, something that covers the list, a way to more?
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  const MAX_LINKS = 600;
  const MAX_OUTSIDE = 150_000;

  /** Marks that known challenge pages carry in their mark-up, whatever their language. */
  const CHALLENGES = {
    cloudflare: "#challenge-form,#challenge-running,#challenge-stage,#cf-challenge-running,#cf-wrapper .cf-error-details," +
      "form[action*='__cf_chl'],form[action*='/cdn-cgi/l/chk_'],#cf-error-details,script[src*='/cdn-cgi/challenge-platform/h/'][src*='orchestrate']",
    turnstile: ".cf-turnstile,iframe[src*='challenges.cloudflare.com']",
    recaptcha: ".g-recaptcha,iframe[src*='/recaptcha/']",
    hcaptcha: ".h-captcha,iframe[src*='hcaptcha.com']",
    perimeterx: "#px-captcha,[id^=px-captcha],script[src*='captcha.px-cdn.net'],script[src*='/px/captcha']",
    datadome: "iframe[src*='captcha-delivery.com'],script[src*='captcha-delivery.com']",
    arkose: "iframe[src*='arkoselabs.com'],iframe[src*='funcaptcha.com']",
    aws: "#captcha-container[data-aws],script[src*='awswaf.com'],form[action*='validateCaptcha']",
    incapsula: "iframe[src*='_Incapsula_Resource'],script[src*='_Incapsula_Resource']",
    captcha: "img[src*='captcha' i],input[name*='captcha' i]",
  };
  const CHALLENGE_SCRIPTS = { sucuri: /sucuri_cloudproxy/u, cloudflare: /_cf_chl_opt|cf_chl_/u, perimeterx: /_pxAppId|_pxCaptcha/u };
  const CONSENT = /consent|cookie|gdpr|rgpd|dsgvo|onetrust|didomi|qc-cmp|sp_message|borlabs|cky-|cmp(?:box|-|_)|truste|usercentrics|privacy/iu;

  /** @param {Element} element */
  const isBoxed = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 4 && box.height > 4 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };

  const challenges = () => {
    /** @type {Set<string>} */ const found = new Set();
    for (const [name, selector] of Object.entries(CHALLENGES)) if (document.querySelector(selector)) found.add(name);
    for (const script of document.scripts) {
      if (script.src || script.text.length > 20_000) continue;
      for (const [name, pattern] of Object.entries(CHALLENGE_SCRIPTS)) if (pattern.test(script.text)) found.add(name);
    }
    return [...found].sort();
  };

  const passwords = () => [...document.querySelectorAll("input[type=password]")].filter(isBoxed).length;

  /** Whether an element lets what lies under it be read: no words, no picture, no opaque ground. @param {Element} element */
  const isVeil = (element) => {
    const style = getComputedStyle(element);
    const alpha = Number((style.backgroundColor.match(/[\d.]+/gu) ?? [])[3] ?? 1) * Number(style.opacity);
    return alpha < 0.9 && style.backgroundImage === "none" && !R.fold(element.textContent) && !element.querySelector("img,iframe,canvas");
  };

  /** What a click in the middle of the window would hit: a layer over the page, or null. @param {Element[]} posts */
  const layer = (posts) => {
    const refusable = refusal() !== null;
    /** @type {Map<Element, number>} */ const counts = new Map();
    const points = [];
    for (const x of [0.2, 0.5, 0.8]) for (const y of [0.2, 0.4, 0.6, 0.8]) points.push([x * innerWidth, y * innerHeight]);
    for (const [x, y] of points) {
      const top = document.elementFromPoint(x, y);
      const fixed = top && fixedAround(top);
      // a veil beside a banner that can be refused keeps nobody from reading
      if (fixed && !(refusable && isVeil(fixed))) counts.set(fixed, (counts.get(fixed) ?? 0) + 1);
    }
    if (!counts.size) return null;
    const elements = [...counts.keys()];
    const named = elements.map(nameOf).join(" ");
    return {
      share: [...counts.values()].reduce((sum, count) => sum + count, 0) / points.length,
      consent: CONSENT.test(named) || elements.some((element) => R.asksConsent(element, posts)),
      password: elements.some((element) => element.querySelector("input[type=password]") !== null),
      name: named.slice(0, 120),
    };
  };

  /** @param {Element} element */
  const nameOf = (element) => {
    const frames = [...element.querySelectorAll("iframe")].map((frame) => frame.src);
    const inside = [...element.querySelectorAll("[id],[class]")].slice(0, 40).map((child) => `${child.id} ${child.getAttribute("class") ?? ""}`);
    return [element.id, element.getAttribute("class") ?? "", element.getAttribute("aria-label") ?? "", ...frames, ...inside].join(" ");
  };

  /** @param {Element} element */
  const fixedAround = (element) => {
    for (let at = /** @type {Element | null} */ (element); at && at !== document.body; at = R.parentOf(at)) {
      const style = getComputedStyle(at);
      if (style.position === "fixed" || at.tagName === "DIALOG" || at.getAttribute("aria-modal") === "true") return at;
      if (style.position === "absolute" && Number(style.zIndex) >= 100) {
        const box = at.getBoundingClientRect();
        if (box.width * box.height > 0.9 * innerWidth * innerHeight) return at;
      }
    }
    return null;
  };

  const REFUSE = /reject|refus|declin|disagree|deny/iu;

  /** A visible control of a consent box whose mark-up says that it refuses; null when there is none. */
  const refusal = () => {
    for (const control of document.querySelectorAll("button,a,[role=button]")) {
      if (!REFUSE.test(`${control.id} ${control.getAttribute("class") ?? ""}`) || !isBoxed(control)) continue;
      for (let at = R.parentOf(control); at && at !== document.body; at = R.parentOf(at)) {
        if (CONSENT.test(`${at.id} ${at.getAttribute("class") ?? ""}`)) return control;
      }
    }
    return null;
  };

  /**
   * Whether a consent dialog that calls itself modal, and offers no refusal, stands in the page's
   * flow: its own style is missing, so that no measure of a layer would find it.
   */
  const consentModal = () =>
    [...document.querySelectorAll("[aria-modal=true],dialog[open]")].some((element) => {
      const above = [R.parentOf(element), R.parentOf(R.parentOf(element) ?? element)];
      const named = [nameOf(element), ...above.map((near) => `${near?.id ?? ""} ${near?.getAttribute("class") ?? ""}`)].join(" ");
      return isBoxed(element) && CONSENT.test(named) && !fixedAbove(element) && element.querySelector("button,a,[role=button]") !== null;
    }) && refusal() === null;

  /** @param {Element} element */
  const fixedAbove = (element) => {
    for (let at = /** @type {Element | null} */ (element); at && at !== document.body; at = R.parentOf(at)) {
      if (/fixed|absolute|sticky/u.test(getComputedStyle(at).position)) return true;
    }
    return false;
  };

  const MISSING = /(?:^|[-_\s])(?:error|page)?-?404(?:$|[-_\s])|not-?found|(?:site|http|page)-?error|error-?page/iu;

  /** Whether the page's frame is marked as that of an error page ("not found" with any status). */
  const missing = () => {
    const frame = [document.documentElement, document.body, document.querySelector("main"), document.querySelector("#content,#main")];
    const names = frame.map((element) => `${element?.id ?? ""} ${element?.getAttribute("class") ?? ""}`);
    return names.some((name) => MISSING.test(name)) || /(?:^|\D)404(?:\D|$)/u.test(document.title);
  };

  /** A box for consent: with something to click, or a dialog that only its own script would fill. */
  const consentBox = () =>
    [...document.querySelectorAll("[id],[class],[role=dialog]")].some((element) => {
      const own = `${element.id} ${element.getAttribute("class") ?? ""}`;
      if (CONSENT.test(own) && element.getAttribute("aria-modal") === "true" && element.checkVisibility()) return true;
      return CONSENT.test(own) && element.querySelector("button,a,[role=button]") !== null && isBoxed(element);
    });

  /** @param {Element[]} items @returns {PageLink[]} that stand outside the items */
  const links = (items) => {
    const members = new Set(items);
    /** @type {Map<string, PageLink>} */ const found = new Map();
    /** @type {NodeListOf<HTMLAnchorElement | HTMLLinkElement>} */
    const candidates = document.querySelectorAll("a[href]:not(svg *),link[rel~=next],link[rel~=prev]");
    const next = new Set(R.namedBySite("next"));
    for (const link of candidates) {
      if (found.size >= MAX_LINKS) break;
      const href = link.href.split("#")[0];
      if (!href || href === location.href.split("#")[0] || !href.startsWith("http")) continue;
      if (insideOf(link, members)) continue;
      const text = R.fold(link.textContent).slice(0, 40);
      const key = `${href} ${link.rel}`;
      if (!found.has(key)) found.set(key, { href, rel: next.has(link) ? `${link.rel} next`.trim() : link.rel, text });
    }
    return [...found.values()];
  };

  /** @param {Element} element @param {Set<Element>} members */
  const insideOf = (element, members) => {
    for (let at = /** @type {Element | null} */ (element); at; at = R.parentOf(at)) if (members.has(at)) return true;
    return false;
  };

  /** @param {Element[]} items @param {number} folds @returns {PageSkeleton} */
  const skeleton = (items, folds) => {
    const first = items[0];
    const path = [];
    for (let at = /** @type {Element | null} */ (first); at; at = R.parentOf(at)) path.push(at.tagName.toLowerCase());
    /** @type {Record<string, number>} */ const tags = {};
    for (const element of first ? R.elementsBelow(first).slice(0, 200) : []) {
      const tag = element.tagName.toLowerCase();
      tags[tag] = (tags[tag] ?? 0) + 1;
    }
    return { path: path.reverse().join(">"), tags, article: holdsArticle(items), folds };
  };

  /** @param {string} which attribute selector @returns {string | undefined} */
  const metaOf = (which) => /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta${which}`))?.content;

  const ARTICLE = "[itemtype*='Article'],[itemtype*='BlogPosting'],.entry-content,.wp-block-post-content,link[rel~=shortlink]";

  /** Whether the page is an article that the list answers to, rather than a wall of its own. @param {Element[]} items */
  const holdsArticle = (items) => {
    const type = metaOf("[property='og:type']") ?? "";
    if (type === "article" || document.body?.classList.contains("single")) return true;
    if (document.querySelector(ARTICLE)) return true;
    const members = new Set(items);
    return [...document.querySelectorAll("article")].some(
      (element) => !insideOf(element, members) && !element.querySelector("article") && R.fold(element.textContent).length > 0,
    );
  };

  /** @param {Set<Element>} members */
  const outside = (members) => {
    const text = R.blockText(document.body, undefined, (element) => members.has(element) || !element.checkVisibility());
    return text.slice(0, MAX_OUTSIDE);
  };

  /** What the page says it is made with or part of; null when it says nothing. */
  const siteName = () => {
    for (const name of ["generator", "application-name"]) {
      const said = metaOf(`[name=${name}]`);
      if (said) return R.fold(said).slice(0, 80);
    }
    return R.fold(metaOf("[property='og:site_name']") ?? "").slice(0, 80) || null;
  };

  R.pageFacts = (found, posts) => {
    const items = found ? found.items : [];
    const closed = R.closedFolds?.(items) ?? [];
    return {
      url: location.href,
      title: document.title,
      site: siteName(),
      language: document.documentElement.lang || null,
      sign: found ? found.sign : null,
      quality: found ? found.quality : 0,
      declared: items.length > 0 && items.every((item) => item.getAttribute("role") === "article" || item.hasAttribute("itemtype")),
      count: posts.length,
      shown: posts.filter((post) => post.visible).length,
      words: R.fold(document.body ? document.body.innerText ?? "" : "").length,
      elements: document.getElementsByTagName("*").length,
      scripts: document.scripts.length,
      challenges: challenges(),
      passwords: passwords(),
      layer: layer(found ? R.listedOf(found) : []),
      consent: consentBox(),
      consent_modal: consentModal(),
      missing: missing(),
      locked: [document.documentElement, document.body].some((element) => element && getComputedStyle(element).overflowY === "hidden"),
      refresh: metaOf("[http-equiv=refresh i]") ?? null,
      links: links(items),
      folds: closed.length,
      closed,
      outside: document.body ? outside(new Set(items)) : "",
      skeleton: skeleton(items, closed.length),
      height: document.documentElement.scrollHeight,
    };
  };
  R.isBoxed = isBoxed;
})();
