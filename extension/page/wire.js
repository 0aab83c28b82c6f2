// How a page's scripts talk to the background, and find words in the browser's language.
(() => {
  "use strict";
  const P = (globalThis.RaturePage ??= /** @type {PageRooms} */ ({}));

  /** A fault that the background named; `code` picks the words for it. */
  class PageFault extends Error {
    /** @param {string} code @param {string} detail */
    constructor(code, detail) {
      super(code);
      this.code = code;
      this.detail = detail;
    }
  }

  P.ask = async (name, payload = {}) => {
    const answer = await chrome.runtime.sendMessage({ name, payload });
    if (!answer) throw new PageFault("unexpected", name);
    if (answer.fault) throw new PageFault(answer.fault.code, answer.fault.detail);
    return answer.value;
  };

  P.words = (key, values = []) => chrome.i18n.getMessage(key, values) || key;

  P.faultWords = (error) => {
    if (!(error instanceof PageFault)) return P.words("fault_unexpected", [String(error)]);
    const known = chrome.i18n.getMessage(`fault_${error.code}`, [error.detail]);
    return known || P.words("fault_unexpected", [`${error.code} ${error.detail}`]);
  };
})();
