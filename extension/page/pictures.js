// The post's own pictures as files: the bytes that the page was shown, the best version where the
// page names several. A picture of another site that forbids it cannot be read; that is said.
(() => {
  "use strict";
  const P = globalThis.RaturePage;

  /** CSS pixels; smaller ones are portraits, badges and emoji: they go into the copy of the page alone. */
  const OWN_SIDE = 64;
  const MOST = 12;
  const MOST_SMALL = 40;
  const LARGEST = 8_000_000;
  const LARGEST_SUM = 24_000_000;
  const WAIT_MS = 3000;
  const TYPES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]);

  P.picturesOf = (post) => {
    /** @type {PostPicture[]} */ const found = [];
    for (const element of [post, ...below(post)]) {
      const source = sourceOf(element);
      if (!source || found.some(({ element: other }) => other === element)) continue;
      const { width, height } = element.getBoundingClientRect();
      if (width < 2 || height < 2) continue;
      found.push({ ...source, element, token: `rature-picture-${found.length}`, isOwn: Math.min(width, height) >= OWN_SIDE });
    }
    const own = found.filter(({ isOwn }) => isOwn).slice(0, MOST);
    return [...own, ...found.filter(({ isOwn }) => !isOwn).slice(0, MOST_SMALL)];
  };

  /** @param {Element | ShadowRoot} root @returns {Generator<Element>} */
  function* below(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      const shadow = P.shadowOf(element);
      if (shadow) yield* below(shadow);
    }
  }

  /** @param {Element} element @returns {{shown: string, best: string, alt: string} | null} */
  const sourceOf = (element) => {
    const alt = (element.getAttribute("alt") ?? element.getAttribute("aria-label") ?? "").slice(0, 500);
    if (element instanceof HTMLImageElement && element.currentSrc) return { shown: element.currentSrc, best: bestOf(element), alt };
    if (element instanceof HTMLVideoElement && element.poster) return { shown: element.poster, best: element.poster, alt };
    const background = /^url\("([^"]+)"\)$/u.exec(getComputedStyle(element).backgroundImage);
    return background ? { shown: background[1], best: background[1], alt } : null;
  };

  /** The largest version that the mark-up names. @param {HTMLImageElement} image */
  const bestOf = (image) => {
    const sets = [image.srcset, ...[...(image.closest("picture")?.querySelectorAll("source") ?? [])].filter(isUsable).map(({ srcset }) => srcset)];
    const named = sets.flatMap((set) => [...set.matchAll(/(\S*[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)/gu)]);
    /** @type {{address: string, size: number}[]} */
    const versions = named.map(([, address, size, unit]) => ({ address, size: unit === "x" ? Number(size) * (image.width || 1) : Number(size ?? 0) }));
    const [best] = versions.sort((one, other) => other.size - one.size);
    const isBetter = best && best.size > image.naturalWidth && URL.canParse(best.address, document.baseURI);
    return isBetter ? new URL(best.address, document.baseURI).href : image.currentSrc;
  };

  /** @param {HTMLSourceElement} source */
  const isUsable = ({ type, media }) => (!type || TYPES.has(type)) && (!media || matchMedia(media).matches);

  P.loadPictures = async (pictures) => {
    const signal = AbortSignal.timeout(WAIT_MS);
    const loaded = await Promise.all(pictures.map((picture) => load(picture, signal)));
    let sum = 0;
    return loaded.map((each) => {
      if (!each.data) return each;
      sum += each.data.length;
      return sum * 0.75 > LARGEST_SUM ? { ...each, data: null, problem: "large" } : each;
    });
  };

  /** @param {PostPicture} picture @param {AbortSignal} signal @returns {Promise<LoadedPicture>} */
  const load = async (picture, signal) => {
    let problem = "";
    for (const address of new Set([picture.best, picture.shown])) {
      const { blob, why } = await fetched(address, signal);
      if (blob && blob.size <= LARGEST) return { ...picture, source: address, data: await asData(blob), problem: "" };
      problem ||= blob ? "large" : why;
    }
    const drawn = problem === "large" ? null : await redrawn(picture, signal);
    if (drawn) return { ...picture, ...drawn, problem: "" };
    return { ...picture, source: picture.shown, data: null, problem: problem === "large" || problem === "late" ? problem : "tainted" };
  };

  /** @param {string} address @param {AbortSignal} signal @returns {Promise<{blob: Blob | null, why: string}>} */
  const fetched = async (address, signal) => {
    try {
      // What the page loaded is in the cache; cookies go to its own site alone.
      const response = await fetch(address, { cache: "force-cache", credentials: "same-origin", signal });
      const blob = response.ok ? await response.blob() : null;
      return { blob: blob && TYPES.has(blob.type.split(";")[0]) ? blob : null, why: "type" };
    } catch (error) {
      return { blob: null, why: error instanceof DOMException && error.name === "TimeoutError" ? "late" : "refused" };
    }
  };

  /** @param {Blob} blob @returns {Promise<string>} a data: address */
  const asData = (blob) =>
    new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });

  /**
   * The pixels alone, where the bytes are not given (the policy of some pages lets nothing be fetched):
   * null where their site keeps them from being read.
   * @param {PostPicture} picture
   * @param {AbortSignal} signal
   * @returns {Promise<{source: string, data: string} | null>}
   */
  const redrawn = async ({ element, best, shown }, signal) => {
    for (const source of new Set([best, shown])) {
      const image = await reloaded(source, signal);
      const data = image && pixels(image);
      if (data) return { source, data };
    }
    const data = element instanceof HTMLImageElement && element.naturalWidth ? pixels(element) : null;
    return data ? { source: shown, data } : null;
  };

  /** @param {string} address @param {AbortSignal} signal @returns {Promise<HTMLImageElement | null>} */
  const reloaded = async (address, signal) => {
    const image = new Image();
    image.crossOrigin = "anonymous";
    image.src = address;
    const late = new Promise((_, reject) => signal.addEventListener("abort", reject, { once: true }));
    try {
      await Promise.race([image.decode(), late]);
      return image;
    } catch {
      return null; // refused, or too late: its reason is not told to scripts
    }
  };

  /** @param {HTMLImageElement} image @returns {string | null} a PNG as data: address */
  const pixels = (image) => {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    try {
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      const address = canvas.toDataURL("image/png");
      return address.startsWith("data:image/png") ? address : null;
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  };
})();
