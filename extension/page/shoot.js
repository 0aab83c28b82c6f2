// The pictures of one post: of the window around it, and of the post, whole or in steps.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  const MOST_PICTURES = 60;
  const ATTEMPTS = 2;

  /**
   * The window around the post first, as the person sees it; the post is cut out of that very
   * picture when it shows all of it.
   */
  P.shoot = async (post, id, look) => {
    P.bringIntoView(post);
    P.align(post);
    await P.settled(post);
    const around = P.geometry(post);
    look();
    await picture({ id, index: 0, steps: 1 });
    if (fits(around) && !P.overlaps(post)) return { crop: [{ index: 0, geometry: around }], isSteady: isAsBefore(post, around), around };
    const shots = await withoutOverlays(post, () => (P.canPictureWhole(post) ? whole(post, id, look) : steps(post, id, look)));
    return { ...shots, around };
  };

  /** @param {Geometry} geometry */
  const fits = ({ post, clip }) => post.top >= clip.top && post.bottom <= clip.bottom;

  /** Whether the post did not move or grow while it was pictured. @param {Element} post @param {Geometry} before */
  const isAsBefore = (post, before) => {
    const { post: after } = P.geometry(post);
    return Math.abs(after.top - before.post.top) < 1 && Math.abs(after.bottom - before.post.bottom) < 1;
  };

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

  /** The post in one picture, or a few of the very tall. @param {Element} post @param {string} id @param {() => void} look */
  const whole = async (post, id, look) => {
    await P.walk(post, look);
    const crop = P.rectangles(post).map(({ rect, geometry }, at) => ({ index: at + 1, rect, geometry }));
    for (const { index, rect } of crop) await picture({ id, index, steps: crop.length, rect });
    const height = heightOf(post);
    return { crop, isSteady: Math.abs(height - boxHeight(crop[0].geometry.post)) < 1 };
  };

  /** @param {Element} post */
  const heightOf = (post) => boxHeight(post.getBoundingClientRect());

  /** @param {{top: number, bottom: number}} box */
  const boxHeight = ({ top, bottom }) => bottom - top;

  /**
   * Shown once from top to bottom before, what loads only when it is seen is there; a post that grows
   * all the same is begun anew.
   * @param {Element} post @param {string} id @param {() => void} look
   */
  const steps = async (post, id, look) => {
    await P.walk(post, look);
    let next = 1;
    for (let attempt = 1; ; attempt += 1) {
      const { crop, isSteady } = await stepsFrom(post, id, look, next);
      if (isSteady || attempt === ATTEMPTS) return { crop, isSteady };
      next += crop.length;
    }
  };

  /** @param {Element} post @param {string} id @param {() => void} look @param {number} first index of the first picture */
  const stepsFrom = async (post, id, look, first) => {
    const crop = [];
    const height = heightOf(post);
    const isSteady = () => Math.abs(heightOf(post) - height) < 1;
    for (let row = 0, index = first; row < height - 0.5 && crop.length < MOST_PICTURES; index += 1) {
      P.scrollTo(post, row);
      await P.settled(post);
      const geometry = P.geometry(post);
      const seen = Math.min(geometry.clip.bottom, geometry.post.bottom) - geometry.post.top;
      if (seen <= row || !isSteady()) break;
      look();
      await picture({ id, index, steps: first - 1 + Math.ceil(height / (geometry.clip.bottom - geometry.clip.top)) });
      crop.push({ index, geometry });
      row = seen;
    }
    return { crop, isSteady: isSteady() };
  };
})();
