// Small recognisers shared by the reader: ids, names, controls. They help; nothing rests on one alone.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** An id with its changing part replaced: `comment-123` and `comment-124` are of one pattern. */
  R.idPattern = (id) => {
    if (!id || id.length > 120 || !/\d/u.test(id)) return null;
    return id.replace(/[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/giu, "#").replace(/\d+/gu, "#");
  };

  const ID_NAME = /(?:^|-)(?:id|fullname|uri|key|guid|permalink)$|id$|^data-(?:post|comment|message|msg|review|reply|tweet|status|answer)$/u;

  /** The names of attributes that may hold a post's id. */
  R.idAttributes = (element) => {
    const found = [];
    for (const { name, value } of element.attributes) {
      if (!name.startsWith("data-") || value.length < 1 || value.length > 120) continue;
      if (!ID_NAME.test(name)) continue;
      if ((/\d/u.test(value) || R.namesPosts(name)) && !/\s/u.test(value)) found.push(name);
    }
    return found;
  };

  const KINDS = /comment|review|posting|answer|message|socialmedia|discussionforum|hentry|h-entry|h-cite/iu;

  /** What the mark-up itself calls a post: microdata, ARIA, microformats; null when it says nothing. */
  R.semanticKind = (element) => {
    const type = element.getAttribute("itemtype");
    if (type && KINDS.test(type)) return `type:${type.split("/").pop()}`;
    const role = element.getAttribute("role");
    if (role === "article" || role === "comment") return `role:${role}`;
    if (element.classList.contains("h-entry") || element.classList.contains("h-cite")) return "mf";
    if (element.tagName === "ARTICLE") return "article";
    return null;
  };

  /** Characters of a control; what holds more is there to be read, whatever it is called. So is a whole item. */
  const MOST_CONTROL = 160;

  /** Whether an element is something to click rather than something to read. */
  R.isControl = (element) => {
    const tag = element.tagName;
    if (tag === "BUTTON" || tag === "SUMMARY" || tag === "OPTION") return true;
    if (tag === "LABEL") return element.hasAttribute("for") || element.querySelector("input,select,textarea") !== null;
    const role = element.getAttribute("role");
    return role === "button" || role === "menuitem" || role === "tab";
  };

  /** The nearest thing to click around an element, up to `stop`; null when there is none. */
  R.controlAround = (element, stop) => {
    for (let at = /** @type {Element | null} */ (element); at && at !== stop; at = R.parentOf(at)) {
      if (R.isControl(at) && at.textContent.length <= MOST_CONTROL && !at.querySelector("li,time,article")) return at;
    }
    return null;
  };
})();
