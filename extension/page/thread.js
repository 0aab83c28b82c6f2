// What a post stands among: the post that it answers, and the answers to it (the brand's, too).
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const MOST_REPLIES = 20;
  const LONGEST = 5000;

  P.thread = (reading) => {
    const { posts } = RatureReader.readPage();
    const own = posts.findIndex((post) => isSame(post, reading));
    if (own < 0) return [];
    const parent = posts[own].parent === null ? [] : [entry("parent", posts[posts[own].parent])];
    const replies = posts.filter((post) => post.parent === own && post.visible && post.text);
    return [...parent, ...replies.slice(0, MOST_REPLIES).map((post) => entry("reply", post))];
  };

  /** @param {PagePost} post @param {ItemFields} reading */
  const isSame = (post, reading) =>
    post.post_id === reading.post_id && post.author === reading.author && post.permalink === reading.permalink && post.text === reading.text;

  /** @param {"parent" | "reply"} relation @param {PagePost} post */
  const entry = (relation, { text, author, author_id, post_id, shown_time, markup_time, permalink }) => ({
    relation, text: text.slice(0, LONGEST), author, author_id, post_id, shown_time, markup_time, permalink,
  });
})();
