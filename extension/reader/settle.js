// Waiting until a page has settled: by what it shows, not by what it asks the network for.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= /** @type {Reader} */ ({}));

  /** Characters that a clock or a counter may change without the page being unsettled. */
  const TICK = 12;
  /** Milliseconds for which a page without what its site's adapter waits for is no still page. */
  const MOST_AWAITED = 4000;

  const countElements = () => document.getElementsByTagName("*").length;
  const countText = () => (document.body?.textContent ?? "").length;

  /**
   * Resolves when the page has been still: for `quiet` milliseconds no element more or less and no
   * text to speak of, or `most` milliseconds are over. What is exchanged one for one (adverts, a
   * clock) is no movement. With `wanted`, goes on waiting for a page that holds at least that many
   * elements. A page without scripts is still at once. {elements, waited, still}.
   */
  R.settle = ({ quiet: asked = 200, most = 5000, wanted = 0 } = {}) =>
    new Promise((resolve) => {
      const started = performance.now();
      const quiet = document.scripts.length ? asked : 0;
      let changed = started;
      let touched = false;
      let known = { elements: countElements(), text: quiet ? countText() : 0 };
      const observer = new MutationObserver(() => { touched = true; });
      observer.observe(document, { childList: true, subtree: true, characterData: true });
      const look = () => {
        const now = performance.now();
        if (touched) {
          touched = false;
          const seen = { elements: countElements(), text: countText() };
          if (seen.elements !== known.elements || Math.abs(seen.text - known.text) > TICK) changed = now;
          known = seen;
        }
        const still = now - changed >= quiet && document.readyState !== "loading" && known.elements >= wanted
          && (now - started >= MOST_AWAITED || !R.isAwaited());
        if (!still && now - started < most) return void setTimeout(look, Math.min(quiet / 2 + 5, 50));
        observer.disconnect();
        resolve({ elements: countElements(), waited: Math.round(now - started), still });
      };
      look();
    });
})();
