// Reads the page for the person's own look at a watched post. Nothing is changed, clicked or fetched;
// what it gives goes to the background alone, which keeps the least of it.
(async () => {
  "use strict";
  const MOST_POSTS = 500;
  const LONGEST = 20_000;

  /** Attributes of controls that end a session; only who is signed in has one. */
  const ENDS_SESSION = /log-?_?out|sign-?_?out|log-?_?off|d[eé]connexion|deconnecter|abmelden|cerrar-?_?sesion|[?&]action=logout/iu;

  const isSignedIn = () => {
    for (const element of document.querySelectorAll("a[href],form[action],button,[role=menuitem]")) {
      const named = ["href", "action", "id", "class", "name", "formaction", "data-testid"].map((name) => element.getAttribute(name) ?? "");
      if (ENDS_SESSION.test(named.join(" "))) return true;
    }
    return false;
  };

  /** @param {PagePost} post */
  const reduced = ({ post_id, parent_id, author, author_id, text, permalink, visible, hidden_by, unfoldable }) => ({
    post_id, parent_id, author, author_id, text: text.slice(0, LONGEST), permalink, visible, hidden_by, unfoldable,
  });

  await RatureReader.settle({ quiet: 600, most: 12_000 });
  const { page, posts } = RatureReader.readPage();
  const facts = /** @type {ReadPageFacts} */ (page);
  const [navigation] = performance.getEntriesByType("navigation");
  const isLoaded = navigation?.name.split("#")[0] === location.href.split("#")[0];
  return {
    url: location.href,
    // That of another view, where the page became this one without loading.
    status: isLoaded ? /** @type {any} */ (navigation)?.responseStatus || null : null,
    signedIn: isSignedIn(),
    quality: facts.quality,
    words: facts.words,
    challenges: facts.challenges,
    passwords: facts.passwords,
    layer: facts.layer && { share: facts.layer.share, consent: facts.layer.consent, password: facts.layer.password },
    consentModal: facts.consent_modal,
    missing: facts.missing,
    skeleton: { ...facts.skeleton, closed: facts.closed },
    posts: posts.slice(0, MOST_POSTS).map(reduced),
  };
})();
