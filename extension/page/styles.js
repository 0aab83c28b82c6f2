// The looks of a page as text, so that its snapshot can be shown without the site.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  /** What makes a post look as it did; the rest follows from the style sheets. */
  const PROPERTIES = [
    "display", "position", "float", "clear", "box-sizing", "width", "min-height", "max-width", "margin", "padding",
    "border", "border-radius", "background-color", "color", "font-family", "font-size", "font-weight", "font-style",
    "line-height", "text-align", "text-decoration-line", "text-transform", "white-space", "list-style-type", "opacity",
    "visibility", "overflow", "vertical-align", "flex", "flex-direction", "flex-wrap", "align-items", "justify-content",
    "gap", "grid-template-columns", "direction", "unicode-bidi", "object-fit",
  ];

  /** Their height follows from nothing in them, like that of what is empty. */
  const REPLACED = /^(?:img|video|canvas|svg|iframe|input|button)$/u;
  const BACKGROUND = ["background-size", "background-position", "background-repeat"];

  P.styleText = (element, token) => {
    const style = getComputedStyle(element);
    const isSized = REPLACED.test(element.localName) || !element.firstChild || token !== undefined;
    const names = [...PROPERTIES, ...(isSized ? ["height"] : [])];
    const own = names.map((name) => ({ name, value: style.getPropertyValue(name) }));
    if (token && !REPLACED.test(element.localName)) {
      own.push({ name: "background-image", value: `url("${token}")` });
      own.push(...BACKGROUND.map((name) => ({ name, value: style.getPropertyValue(name) })));
    }
    return own.filter(({ value }) => value).map(({ name, value }) => `${name}:${value}`).join(";");
  };

  P.styleSheets = (root) => {
    const sheets = [...root.styleSheets, ...adopted(root)];
    const text = sheets.filter((sheet) => !sheet.disabled).map(sheetText).join("\n");
    // In a style element only its end tag would be read as mark-up.
    return text.replaceAll("</", "<\\/");
  };

  /**
   * Firefox's extended support release 140 refuses these to an extension's scripts; the post's own
   * styles are inlined on its elements anyway.
   * @param {Document | ShadowRoot} root
   * @returns {CSSStyleSheet[]}
   */
  const adopted = (root) => {
    try {
      return [...root.adoptedStyleSheets];
    } catch (error) {
      if (P.isFirefox) return [];
      throw error;
    }
  };

  /** @param {CSSStyleSheet} sheet @returns {string} */
  const sheetText = (sheet) => {
    const text = rulesText(sheet);
    const media = sheet.media.mediaText;
    return media && text ? `@media ${media} {\n${text}\n}` : text;
  };

  /** A sheet of another origin cannot be read; the post's own styles are inlined for that reason. */
  const rulesText = (/** @type {CSSStyleSheet} */ sheet) => {
    try {
      return [...sheet.cssRules].map((rule) => ruleText(rule, sheet.href)).join("\n");
    } catch (error) {
      if (error instanceof DOMException) return "";
      throw error;
    }
  };

  /** @param {CSSRule} rule @param {string | null} base @returns {string} */
  const ruleText = (rule, base) => {
    if (rule instanceof CSSImportRule) return rule.styleSheet ? sheetText(rule.styleSheet) : "";
    return absolute(rule.cssText, base ?? document.baseURI);
  };

  /** @param {string} css @param {string} base the sheet's address */
  const absolute = (css, base) =>
    css.replace(/url\("((?!data:)[^"]+)"\)/gu, (whole, address) =>
      URL.canParse(address, base) ? `url("${new URL(address, base).href}")` : whole,
    );
})();
