// On sites that the person allowed: says that a page was opened, or became another one without loading,
// and nothing else. The background decides whether a watched post is to be looked for here.
(() => {
  "use strict";
  /** How long nothing of a changed view moves before it is told: what it shows comes over the network. */
  const QUIET_MS = 1_500;
  const MOST_MS = 12_000;
  /** Between two tellings, however often a page changes its address. */
  const LEAST_MS = 3_000;
  const PAUSE_MS = 250;
  /** Where the browser does not tell of a change (Firefox before 147). */
  const WATCH_MS = 1_000;

  /** A place within the page is the same page; `#/...` and `#!...` are the routes of programs. */
  const here = () => location.href.replace(/#(?![/!]).*$/su, "");

  let known = here();
  let told = 0;
  let isTelling = false;
  let timer = 0;

  const send = () => {
    told = performance.now();
    void chrome.runtime.sendMessage({ name: "page.passed", payload: {} }).catch(() => undefined);
  };

  /** Nobody passes by a page in the background: it is told when it comes to the front. */
  const tell = () => {
    if (!document.hidden) return send();
    document.addEventListener("visibilitychange", tell, { once: true });
  };

  /** Resolves when the view is still, or has moved for too long. */
  const settled = () => new Promise((resolve) => {
    const started = performance.now();
    let moved = started;
    const observer = new MutationObserver(() => { moved = performance.now(); });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    const look = () => {
      const now = performance.now();
      const isStill = now - moved >= QUIET_MS || now - started >= MOST_MS;
      if (!isStill || now - told < LEAST_MS) return void setTimeout(look, PAUSE_MS);
      observer.disconnect();
      resolve(undefined);
    };
    look();
  });

  const changed = async () => {
    if (!chrome.runtime?.id) return clearInterval(timer); // the extension was updated: the next page has the new one
    if (isTelling || here() === known) return;
    isTelling = true;
    do {
      known = here();
      await settled();
    } while (here() !== known);
    isTelling = false;
    if (chrome.runtime?.id) tell();
  };

  tell();
  addEventListener("pageshow", (event) => event.persisted && tell());
  if (globalThis.navigation) globalThis.navigation.addEventListener("currententrychange", () => void changed());
  else timer = setInterval(() => void changed(), WATCH_MS);
})();
