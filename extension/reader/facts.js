// Facts about the page as a whole. Recorded, not judged: page_state.py draws the conclusions.
(() => {
  "use strict";
  const R = (globalThis.RatureReader ??= {});

  R.pageFacts = (found, posts) => ({
    url: location.href,
    title: document.title,
    sign: found ? found.sign : null,
    count: posts.length,
  });
})();
