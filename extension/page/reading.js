// The words of a post and the facts of its page.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  P.reading = (post) => {
    const item = RatureReader.readItem(post);
    const text = item.text ?? "";
    const isEmpty = text.replace(/\s+/gu, "").length < 2;
    return { ...item, text: isEmpty ? description(post) : text, isSubstitute: isEmpty };
  };

  /** A post without words is described by its pictures' own descriptions. @param {Element} post */
  const description = (post) => {
    const named = [...post.querySelectorAll("img[alt], [role=img][aria-label], svg title")];
    const words = named.map((element) => element.getAttribute("alt") ?? element.getAttribute("aria-label") ?? element.textContent);
    return words.filter(Boolean).join("\n").trim();
  };

  /** Which adapter read the post, or `!` and why it stepped aside: as looks say it. */
  const adapter = () => {
    const told = RatureReader.latest;
    return told ? (told.used ? told.name : `!${told.name} ${told.why}`) : null;
  };

  /** What advertisements and mailings add to an address to count clicks. */
  const CLICKS = /^(?:utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|mc_cid|mc_eid|igshid|twclid|ttclid|yclid|_gl)$/u;

  /** An address by which two names of one page are equal. @param {string} address */
  const plain = (address) => {
    const { origin, pathname, search } = new URL(address);
    // As text: Firefox does not let a content script go through the parameters of a page's URL.
    const parameters = search.slice(1).split("&").filter((each) => each && !CLICKS.test(each.split("=")[0] ?? ""));
    return `${origin}${pathname}?${parameters.sort().join("&")}`;
  };

  P.pageFacts = () => {
    const [navigation] = performance.getEntriesByType("navigation");
    const { responseStatus, name } = /** @type {any} */ (navigation ?? {});
    // What was loaded, where the address is another one since. When it only lost what counts clicks, it
    // is the same page; else the status is of the page that was loaded.
    const loaded = name && name.split("#")[0] !== location.href.split("#")[0] ? String(name) : null;
    const outer = P.framesAbove(window).at(-1)?.ownerDocument ?? document;
    const canonical = /** @type {HTMLLinkElement | null} */ (outer.querySelector("link[rel=canonical]"));
    return {
      url: location.href,
      canonical: canonical?.href || null,
      loaded,
      status: loaded && plain(loaded) !== plain(location.href) ? null : responseStatus || null,
      title: outer.title,
      adapter: adapter(),
      referrer: outer.referrer || null,
      viewportWidth: (outer.defaultView ?? window).innerWidth,
      viewportHeight: (outer.defaultView ?? window).innerHeight,
      devicePixelRatio: String(devicePixelRatio),
      locale: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  };
})();
