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

  /** Before each attempt. A background that is being stopped answers nobody until it is gone. */
  const PAUSES_MS = [0, 0, 50, 100, 200, 400, 800, 1600];

  P.ask = async (name, payload = {}) => {
    const answer = await send({ name, payload });
    if (answer.fault) throw new PageFault(answer.fault.code, answer.fault.detail);
    return answer.value;
  };

  /**
   * The background may be stopped before it answers; the next message starts it again. Every
   * message can be sent twice without harm.
   * @param {object} message
   * @returns {Promise<any>}
   */
  const send = async (message) => {
    let problem = "";
    for (const pause of PAUSES_MS) {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      if (P.isOrphaned()) throw new PageFault("replaced", "");
      try {
        const answer = await chrome.runtime.sendMessage(message);
        if (answer) return answer;
      } catch (error) {
        problem = String(error);
      }
    }
    throw new PageFault("no_answer", problem);
  };

  /** Whether the extension was updated or removed since this script came here: nobody will ever answer. */
  P.isOrphaned = () => !chrome.runtime?.id;

  /** What is still to be said when the browser no longer gives us words. */
  const LAST_WORDS = new Map(["language", "notice_failed_title", "button_title", "fault_replaced"].map((key) => [key, chrome.i18n.getMessage(key)]));

  P.words = (key, values = []) => (P.isOrphaned() ? LAST_WORDS.get(key) : chrome.i18n.getMessage(key, values)) || key;

  P.faultWords = (error) => {
    if (!(error instanceof PageFault)) return P.words("fault_unexpected", [String(error)]);
    const key = `fault_${error.code}`;
    const known = P.words(key, [error.detail]);
    return known === key ? P.words("fault_unexpected", [`${error.code} ${error.detail}`]) : known;
  };
})();
