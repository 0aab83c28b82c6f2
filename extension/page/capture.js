// Takes one post: words and DOM first, as they stand; then the pictures. The background keeps every
// step in its database, so that it may be stopped in between.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const MOST_PICTURES = 60;
  const STATE_LOOKS = 10;
  const STATE_PAUSE_MS = 800;
  const NOTICE_MS = 7000;

  P.capture = async (post, marks) => {
    marks.hide();
    try {
      const kept = await take(post).finally(() => (P.isPicking = false));
      if (kept) await announce(kept, marks);
      else marks.say(P.words("notice_no_text_title"), P.words("notice_no_text"), "bad");
    } catch (error) {
      marks.say(P.words("notice_failed_title"), P.faultWords(error), "bad");
    }
    marks.close(NOTICE_MS);
  };

  /** @param {Element} post @returns {Promise<{id: string, missing: string[]} | null>} null: nothing to tell it by */
  const take = async (post) => {
    const reading = P.reading(post);
    if (reading.text.replace(/\s+/gu, "").length < 2) return null;
    const { id } = await P.ask("capture.begin");
    try {
      const page = P.pageFacts();
      const { html, isPostOnly } = snapshotOrNothing(post);
      const pictures = await picturesOrNothing(post, id);
      return await P.ask("capture.finish", { id, reading, page, snapshot: html, isPostOnly, ...pictures });
    } catch (error) {
      await P.ask("capture.cancel", { id }).catch(() => undefined); // an abandoned draft is dropped later
      throw error;
    }
  };

  /** A page that cannot be copied must not cost the picture. @param {Element} post */
  const snapshotOrNothing = (post) => {
    try {
      return P.snapshot(post);
    } catch (error) {
      if (error instanceof DOMException || error instanceof RangeError) return { html: null, isPostOnly: false };
      throw error;
    }
  };

  /** A picture that cannot be taken must not cost the words. @param {Element} post @param {string} id */
  const picturesOrNothing = async (post, id) => {
    const putBack = P.rememberScroll(post);
    try {
      return await pictures(post, id);
    } catch (error) {
      return { crop: [], isSteady: true, problem: error instanceof Error ? error.message : String(error) };
    } finally {
      putBack();
    }
  };

  /**
   * The window around the post first, as the person sees it; the post is cut out of that very
   * picture when it shows all of it.
   * @param {Element} post @param {string} id
   */
  const pictures = async (post, id) => {
    P.bringIntoView(post);
    await P.settled(post);
    const around = P.geometry(post);
    await picture({ id, index: 0, steps: 1 });
    if (fits(around) && !P.overlaps(post)) return { crop: [{ index: 0, geometry: around }], isSteady: true };
    return withoutOverlays(post, () => (P.canPictureWhole(post) ? whole(post, id) : steps(post, id)));
  };

  /** @param {Geometry} geometry */
  const fits = ({ post, clip }) => post.top >= clip.top && post.bottom <= clip.bottom;

  /** @param {object} what */
  const picture = (what) => P.ask("capture.frame", { ...what, ratio: devicePixelRatio });

  /** @template T @param {Element} post @param {() => Promise<T>} work */
  const withoutOverlays = async (post, work) => {
    const showOverlays = P.hideOverlays(post);
    try {
      return await work();
    } finally {
      showOverlays();
    }
  };

  /** The post in one picture, or a few of the very tall. @param {Element} post @param {string} id */
  const whole = async (post, id) => {
    await P.walk(post);
    const crop = P.rectangles(post).map(({ rect, geometry }, at) => ({ index: at + 1, rect, geometry }));
    for (const { index, rect } of crop) await picture({ id, index, steps: crop.length, rect });
    const height = heightOf(post);
    return { crop, isSteady: Math.abs(height - boxHeight(crop[0].geometry.post)) < 1 };
  };

  /** @param {Element} post */
  const heightOf = (post) => boxHeight(post.getBoundingClientRect());

  /** @param {{top: number, bottom: number}} box */
  const boxHeight = ({ top, bottom }) => bottom - top;

  /** @param {Element} post @param {string} id */
  const steps = async (post, id) => {
    const crop = [];
    const height = heightOf(post);
    for (let row = 0, index = 1; row < height - 0.5 && index <= MOST_PICTURES; index += 1) {
      P.scrollTo(post, row);
      await P.settled(post);
      const geometry = P.geometry(post);
      const seen = Math.min(geometry.clip.bottom, geometry.post.bottom) - geometry.post.top;
      if (seen <= row) break;
      await picture({ id, index, steps: Math.ceil(height / (geometry.clip.bottom - geometry.clip.top)) });
      crop.push({ index, geometry });
      row = seen;
    }
    return { crop, isSteady: Math.abs(heightOf(post) - height) < 1 };
  };

  /** "Kept" at once; "archived" only when the service said so. @param {{id: string, missing: string[]}} kept @param {Marks} marks */
  const announce = async ({ id, missing }, marks) => {
    const lacks = missing.map((name) => P.words(`missing_${name.replace(":", "_")}`)).join(", ");
    const extra = lacks ? ` ${P.words("notice_partial", [lacks])}` : "";
    marks.say(P.words("notice_kept_title"), P.words("notice_kept") + extra, "busy");
    for (let look = 0; look < STATE_LOOKS; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, STATE_PAUSE_MS));
      const { state } = await P.ask("capture.state", { id });
      if (state === "waiting") continue;
      const isGood = state !== "failed";
      const name = isGood ? "archived" : "refused";
      marks.say(P.words(`notice_${name}_title`), P.words(`notice_${name}`) + extra, isGood ? "good" : "bad");
      return;
    }
  };
})();
