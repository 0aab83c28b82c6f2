// Takes one post: words and DOM first, as they stand; then the pictures. The background keeps every
// step in its database, so that it may be stopped in between.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const STATE_LOOKS = 10;
  const STATE_PAUSE_MS = 800;
  const NOTICE_MS = 7000;
  const NOTICE_WITH_BUTTON_MS = 20_000;

  P.capture = async (post, marks, isHeld) => {
    marks.hide();
    try {
      const kept = await take(post, isHeld).finally(() => (P.isPicking = false));
      if (kept) return await announce(kept, marks, isHeld);
      marks.say(P.words("notice_no_text_title"), P.words("notice_no_text"), "bad", again(isHeld));
    } catch (error) {
      marks.say(P.words("notice_failed_title"), P.faultWords(error), "bad", P.isOrphaned() ? undefined : again(isHeld));
    }
    marks.close(NOTICE_WITH_BUTTON_MS);
  };

  /** What was held back once is held back again. @param {boolean} isHeld @returns {Action} */
  const again = (isHeld) => ({ label: P.words("action_capture_again"), act: () => P.pick(isHeld) });

  /** @param {Element} post @param {boolean} isHeld @returns {Promise<Kept | null>} null: nothing to tell it by */
  const take = async (post, isHeld) => {
    // All of this in one go: nothing of the page's runs in between, so that it cannot differ.
    const reading = P.reading(post);
    if (reading.text.replace(/\s+/gu, "").length < 2) return null;
    const page = P.pageFacts();
    const pictures = P.picturesOf(post);
    const { html, isPostOnly } = snapshotOrNothing(post, pictures);
    if (window.length > 0 || window !== top) await P.ask("picker.leave"); // the other frames' marks
    const { id, isReviewed } = await P.ask("capture.begin", { isHeld });
    try {
      const loading = P.loadPictures(pictures);
      const shots = await picturesOrNothing(post, id, reading.text, isReviewed);
      const words = isReviewed && shots.crop.length > 0 ? P.wordBoxes(post) : [];
      const isSame = isUnchanged(post, reading.text);
      const thread = P.thread(reading);
      const loaded = await loading;
      const lost = await attach(id, loaded);
      const snapshot = html && P.fillSnapshot(html, loaded);
      const kept = await P.ask("capture.finish", { id, reading, page, snapshot, isPostOnly, thread, lost, isSame, words, ...shots });
      return { ...kept, isAside: page.adapter?.startsWith("!") === true };
    } catch (error) {
      void P.ask("capture.cancel", { id }).catch(() => undefined); // an abandoned draft is dropped later
      throw error;
    }
  };

  /** A page that cannot be copied must not cost the picture. @param {Element} post @param {PostPicture[]} pictures */
  const snapshotOrNothing = (post, pictures) => {
    try {
      return P.snapshot(post, pictures);
    } catch (error) {
      if (error instanceof DOMException || error instanceof RangeError) return { html: null, isPostOnly: false };
      throw error;
    }
  };

  /** Whether the post still says what was read before it was pictured. @param {Element} post @param {string} text */
  const isUnchanged = (post, text) => post.isConnected && P.reading(post).text === text;

  /** Hands over the post's own pictures. @param {string} id @param {LoadedPicture[]} loaded @returns {Promise<string[]>} why some are missing */
  const attach = async (id, loaded) => {
    const own = loaded.filter(({ isOwn }) => isOwn);
    for (const [index, { data, source, alt }] of own.entries()) {
      if (data) await P.ask("capture.attach", { id, index, data, source: source.startsWith("http") ? source : null, alt });
    }
    return [...new Set(own.filter(({ data }) => !data).map(({ problem }) => problem))];
  };

  /** A picture that cannot be taken must not cost the words. @param {Element} post @param {string} id @param {string} text @param {boolean} isReviewed */
  const picturesOrNothing = async (post, id, text, isReviewed) => {
    const putBack = P.rememberScroll(post);
    const lines = P.watchLines(post, text);
    /** @type {WordBox[] | null} as they stand in the first picture, that of the window */
    let wordsAround = isReviewed ? null : [];
    const look = () => {
      lines.look();
      wordsAround ??= P.wordsAround();
    };
    try {
      const shots = await P.shoot(post, id, look);
      return { ...shots, ...lines.count(), wordsAround };
    } catch (error) {
      return { crop: [], isSteady: true, around: null, lines: 0, seen: 0, wordsAround: [], problem: error instanceof Error ? error.message : String(error) };
    } finally {
      putBack();
    }
  };

  /** "Kept" at once; "archived" only when the service said so. @param {Kept} kept @param {Marks} marks @param {boolean} wasHeld */
  const announce = async ({ id, missing, state, isAside }, marks, wasHeld) => {
    const lacks = missing.map((name) => P.words(`missing_${name.replace(":", "_")}`)).join(", ");
    const extra = (lacks ? ` ${P.words("notice_partial", [lacks])}` : "") + (isAside ? ` ${P.words("notice_aside")}` : "");
    const remedy = lacks ? again(wasHeld) : undefined;
    const isHeld = state === "held";
    marks.say(P.words(isHeld ? "notice_held_title" : "notice_kept_title"), P.words(isHeld ? "notice_held" : "notice_kept") + extra, "busy", remedy);
    const last = isHeld ? "" : await outcome(id);
    if (last && !P.isPicking) {
      const isGood = last !== "failed";
      const name = isGood ? "archived" : "refused";
      marks.say(P.words(`notice_${name}_title`), P.words(`notice_${name}`) + extra, tone(isGood, lacks), remedy);
    }
    marks.close(remedy ? NOTICE_WITH_BUTTON_MS : NOTICE_MS);
  };

  /** Green is for what is there and whole. @param {boolean} isGood @param {string} lacks */
  const tone = (isGood, lacks) => (!isGood ? "bad" : lacks ? "busy" : "good");

  /** @param {string} id @returns {Promise<string>} what became of it; "" when it still waits */
  const outcome = async (id) => {
    for (let look = 0; look < STATE_LOOKS; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, STATE_PAUSE_MS));
      const { state } = await P.ask("capture.state", { id });
      if (state !== "waiting") return state;
    }
    return "";
  };
})();
