// How a page's scripts talk to the background, and find words in the browser's language.
(() => {
  "use strict";
  const P = (globalThis.RaturePage ??= /** @type {PageRooms} */ ({}));

  P.isFirefox = chrome.runtime.getURL("").startsWith("moz-extension:");

  /** A fault that the background named; `code` picks the words for it. */
  class PageFault extends Error {
    /** @param {string} code @param {string} detail */
    constructor(code, detail) {
      super(code);
      this.code = code;
      this.detail = detail;
    }
  }

  const ATTEMPTS = 5;

  P.ask = async (name, payload = {}) => {
    const answer = await send({ name, payload }, ATTEMPTS);
    if (answer.fault) throw new PageFault(answer.fault.code, answer.fault.detail);
    return answer.value;
  };

  /**
   * The background may be stopped before it answers; the next message starts it again. Every
   * message can be sent twice without harm.
   * @param {object} message
   * @param {number} attempts
   * @returns {Promise<any>}
   */
  const send = async (message, attempts) => {
    try {
      const answer = await chrome.runtime.sendMessage(message);
      if (answer) return answer;
    } catch (error) {
      // Without an id the extension itself was updated or removed: nobody will ever answer.
      if (attempts <= 1 || !chrome.runtime?.id) throw error;
    }
    if (attempts <= 1) throw new PageFault("unexpected", "no answer");
    return send(message, attempts - 1);
  };

  P.words = (key, values = []) => chrome.i18n.getMessage(key, values) || key;

  P.faultWords = (error) => {
    if (!(error instanceof PageFault)) return P.words("fault_unexpected", [String(error)]);
    const known = chrome.i18n.getMessage(`fault_${error.code}`, [error.detail]);
    return known || P.words("fault_unexpected", [`${error.code} ${error.detail}`]);
  };
})();
