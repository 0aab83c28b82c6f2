// The page's DOM as a document of its own: no scripts, nothing that was typed, no event attributes,
// style sheets inlined, and the post's own styles on its elements. Built in a document without a
// window, so that nothing in it runs or loads.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const LARGEST = 8_000_000; // characters; above it only the post is kept
  const LARGEST_PICTURES = 10_000_000; // characters, in base64
  const DROPPED = new Set(["script", "noscript", "style", "template", "object", "embed", "applet", "base", "rature-marks"]);
  const FRAMES = new Set(["iframe", "frame", "portal", "fencedframe"]);
  const ADDRESSES = ["href", "src", "poster", "action", "formaction", "data", "xlink:href"];
  const SECRETS = /^(?:on|nonce$|integrity$|srcdoc$|ping$|autofocus$|value$|checked$|selected$)/iu;
  const LINKS_KEPT = /^(?:canonical|alternate|icon|shortcut icon|author|license)$/iu;
  const META_DROPPED = /csrf|token|nonce|secret|session/iu;

  /**
   * @typedef {object} Context
   * @property {Document} inert
   * @property {Element} post
   * @property {Map<Element, string>} tokens what stands for the post's pictures until their bytes are there
   */

  P.snapshot = (post, pictures) => {
    const tokens = new Map(pictures.map(({ element, token }) => [element, token]));
    const whole = serialise(document.documentElement, post, tokens);
    if (whole.length <= LARGEST) return { html: whole, isPostOnly: false };
    return { html: serialise(post, post, tokens), isPostOnly: true };
  };

  /** A picture that could not be read keeps its address. */
  P.fillSnapshot = (html, loaded) => {
    const byToken = new Map(loaded.map((picture) => [picture.token, picture]));
    let room = LARGEST_PICTURES;
    return html.replace(/rature-picture-\d+/gu, (token) => {
      const picture = byToken.get(token);
      if (!picture) return token;
      const { data, shown } = picture;
      if (data === null || data.length > room) return shown.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      room -= data.length;
      return data;
    });
  };

  /** @param {Element} root @param {Element} post @param {Map<Element, string>} tokens @returns {string} */
  const serialise = (root, post, tokens) => {
    const inert = document.implementation.createHTMLDocument(document.title);
    const context = { inert, post, tokens };
    const copy = copyElement(root, context, false);
    if (root === document.documentElement && copy) inert.replaceChild(copy, inert.documentElement);
    else if (copy) inert.body.append(copy);
    head(inert).prepend(...headOf(inert));
    return `<!doctype html>\n${inert.documentElement.outerHTML}`;
  };

  /** @param {Document} inert */
  const head = (inert) => inert.head ?? inert.documentElement.insertBefore(inert.createElement("head"), inert.documentElement.firstChild);

  /** @param {Document} inert @returns {Element[]} */
  const headOf = (inert) => {
    const charset = inert.createElement("meta");
    charset.setAttribute("charset", "utf-8");
    const address = inert.createElement("meta");
    address.name = "rature-url";
    address.content = location.href;
    const style = inert.createElement("style");
    style.textContent = P.styleSheets(document);
    return [charset, address, style];
  };

  /**
   * @param {Element} element
   * @param {Context} context
   * @param {boolean} isInPost
   * @returns {Element | null}
   */
  const copyElement = (element, context, isInPost) => {
    if (isDropped(element)) return null;
    if (FRAMES.has(element.localName)) return placeholder(element, context.inert);
    const copy = /** @type {Element} */ (context.inert.importNode(element, false));
    const isOwn = isInPost || element === context.post;
    cleanAttributes(element, copy);
    if (isOwn) copy.setAttribute("style", P.styleText(element, context.tokens.get(element)));
    const token = context.tokens.get(element);
    if (token && copy.hasAttribute("src")) copy.setAttribute("src", token);
    if (token && copy.hasAttribute("poster")) copy.setAttribute("poster", token);
    if (element === context.post) copy.setAttribute("data-rature-post", "");
    if (!holdsTypedText(element, context.post)) copyChildren(element, copy, context, isOwn);
    return copy;
  };

  /** @param {Element} element */
  const isDropped = (element) => {
    const name = element.localName;
    if (DROPPED.has(name)) return true;
    if (name === "input") return element.getAttribute("type") === "hidden";
    if (name === "link") return !LINKS_KEPT.test(element.getAttribute("rel") ?? "");
    if (name === "meta") return element.hasAttribute("http-equiv") || element.hasAttribute("charset") || META_DROPPED.test(element.getAttribute("name") ?? "");
    return false;
  };

  /** @param {Element} frame @param {Document} inert */
  const placeholder = (frame, inert) => {
    const box = inert.createElement("div");
    const { width, height } = frame.getBoundingClientRect();
    box.setAttribute("data-rature-frame", "");
    box.setAttribute("style", `width:${width}px;height:${height}px;border:1px dashed`);
    return box;
  };

  /** @param {Element} element @param {Element} copy */
  const cleanAttributes = (element, copy) => {
    for (const { name, value } of [...copy.attributes]) {
      if (SECRETS.test(name) && !(name === "value" && element.localName === "li")) copy.removeAttribute(name);
      else if (ADDRESSES.includes(name.toLowerCase())) setAddress(copy, name, value);
      else if (name === "srcset" || name === "imagesrcset") copy.removeAttribute(name);
    }
    if (element instanceof HTMLImageElement && element.currentSrc) copy.setAttribute("src", element.currentSrc);
    if (element instanceof HTMLDetailsElement && element.open) copy.setAttribute("open", "");
  };

  /** Addresses are made absolute; those that would run something go. @param {Element} copy @param {string} name @param {string} value */
  const setAddress = (copy, name, value) => {
    if (value.startsWith("#")) return;
    const url = URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI) : null;
    if (url && /^(?:https?|mailto|tel|data):$/u.test(url.protocol) && !isActiveData(url)) copy.setAttribute(name, url.href);
    else copy.removeAttribute(name);
  };

  /** @param {URL} url */
  const isActiveData = (url) => url.protocol === "data:" && !/^data:image\/(?!svg)/iu.test(url.href);

  /** What somebody is typing is nobody's evidence. @param {Element} element @param {Element} post */
  const holdsTypedText = (element, post) => {
    if (element.localName === "textarea" || element.localName === "select") return true;
    return element instanceof HTMLElement && element.isContentEditable && !element.contains(post) && !post.contains(element);
  };

  /**
   * @param {Element} element
   * @param {Element} copy
   * @param {Context} context
   * @param {boolean} isInPost
   */
  const copyChildren = (element, copy, context, isInPost) => {
    const shadow = P.shadowOf(element);
    if (shadow) copy.append(copyShadow(shadow, context, isInPost));
    for (const child of element.childNodes) {
      if (child instanceof Element) {
        const copied = copyElement(child, context, isInPost);
        if (copied) copy.append(copied);
      } else if (child.nodeType === Node.TEXT_NODE) {
        copy.append(context.inert.createTextNode(child.nodeValue ?? ""));
      }
    }
  };

  /** @param {ShadowRoot} shadow @param {Context} context @param {boolean} isInPost */
  const copyShadow = (shadow, context, isInPost) => {
    const template = context.inert.createElement("template");
    template.setAttribute("shadowrootmode", "open");
    const style = context.inert.createElement("style");
    style.textContent = P.styleSheets(shadow);
    template.content.append(style);
    for (const child of shadow.children) {
      const copied = copyElement(child, context, isInPost);
      if (copied) template.content.append(copied);
    }
    return template;
  };
})();
