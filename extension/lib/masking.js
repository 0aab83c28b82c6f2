import { sha256Hex, utf8 } from "./bytes.js";
import { blackOutAll, coveredPhrases, isNamedIn } from "./redaction.js";
import { decode } from "./stitch.js";
import { GREY, grid, saltList, SEED_BYTES, SIDE, tileList, tilesOf, touched } from "./tiles.js";

/**
 * What a person wants hidden of a capture that is held back.
 *
 * @typedef {object} Wish
 * @property {{screenshot?: number[][], context_screenshot?: number[][]}} boxes left, top, right, bottom in
 *   pixels of each picture
 * @property {boolean} withoutContext the picture of the page around is left out
 * @property {boolean} withoutAuthor name and address of the author are left out
 * @property {boolean} withoutThread so are the posts around
 *
 * @typedef {object} KeptPicture an original that stays with its owner
 * @property {string} folder `screenshot` or `context_screenshot`
 * @property {Uint8Array<ArrayBuffer>} png
 * @property {Uint8Array<ArrayBuffer>} seed the salt of its tiles
 * @property {string} tiles their list, which was sent
 *
 * @typedef {object} Masked
 * @property {import("./outbox.js").Part[]} parts
 * @property {import("./seal.js").SealFacts} facts
 * @property {KeptPicture[]} kept
 */

const PICTURES = /** @type {const} */ (["screenshot", "context_screenshot"]);
/** These repeat what the masks hide. */
const REPEATS = new Set(["snapshot", "attachment"]);

/** @param {Wish} wish @returns {boolean} whether anything is to be hidden at all */
export function hidesAnything({ boxes, withoutContext, withoutAuthor, withoutThread }) {
  return withoutContext || withoutAuthor || withoutThread || PICTURES.some((role) => (boxes[role] ?? []).length > 0);
}

/**
 * The words that the masks cover, and the author's name when it is left out.
 * @param {import("./outbox.js").Parcel} parcel
 * @param {Wish} wish
 * @returns {string[]}
 */
export function hiddenPhrases({ facts, held }, wish) {
  const covered = coveredPhrases(held?.words ?? [], wish.boxes.screenshot ?? []);
  const author = wish.withoutAuthor ? [facts?.reading.author, facts?.reading.author_id].filter((name) => typeof name === "string" && name !== "") : [];
  return [.../** @type {string[]} */ (author), ...covered];
}

/**
 * The words that masks cover on the page around, where many say what the post says too: they hide who
 * and what is around, not the post.
 * @param {import("./outbox.js").Parcel} parcel
 * @param {Wish} wish
 */
export function hiddenAround({ held }, { boxes }) {
  return coveredPhrases(held?.wordsAround ?? [], boxes.context_screenshot ?? []);
}

/**
 * What is sent of a capture instead: pictures with grey tiles, their commitments, facts without the
 * words under the masks. Copy of the page and the post's own pictures are left out: they repeat what
 * is hidden.
 * @param {import("./outbox.js").Parcel} parcel
 * @param {Wish} wish
 * @returns {Promise<Masked>}
 */
export async function mask(parcel, wish) {
  const facts = parcel.facts;
  if (!facts) throw new Error("not held");
  /** @type {Masked} */
  const made = { parts: [], facts: maskedFacts(facts, parcel, wish), kept: [] };
  for (const part of parcel.parts) {
    if (REPEATS.has(part.role)) addMissing(made, `${part.role}:masked`);
    else if (part.role === "context_screenshot" && wish.withoutContext) addMissing(made, "context_screenshot:masked");
    else await addPicture(made, part, boxesOn(part.role, parcel, wish));
  }
  const sent = new Set(await Promise.all(made.parts.map(({ data }) => sha256Hex(data))));
  // What is left out, or was there before the masks, must not be named by its plain hash.
  made.facts.transformations = made.facts.transformations.filter(({ output_sha256 }) => sent.has(output_sha256));
  return made;
}

/** What is hidden in the post's picture is hidden where it stands in that of the page, too. @param {string} role @param {import("./outbox.js").Parcel} parcel @param {Wish} wish */
function boxesOn(role, { held }, { boxes }) {
  if (role === "screenshot") return boxes.screenshot ?? [];
  const corner = held?.inContext ?? { x: 0, y: 0 };
  const moved = (boxes.screenshot ?? []).map(([left, top, right, bottom]) => [left + corner.x, top + corner.y, right + corner.x, bottom + corner.y]);
  return [...(boxes.context_screenshot ?? []), ...moved];
}

/** @param {Masked} made @param {string} name */
function addMissing({ facts }, name) {
  if (!facts.missing.includes(name)) facts.missing = [...facts.missing, name];
}

/** @param {Masked} made @param {import("./outbox.js").Part} part @param {number[][]} boxes */
async function addPicture(made, part, boxes) {
  const pixels = await pixelsOf(part.data);
  const hidden = touched(boxes, pixels.width, pixels.height);
  if (hidden.size === 0) return void made.parts.push(part);
  const seed = crypto.getRandomValues(new Uint8Array(SEED_BYTES));
  const tiles = await tilesOf(pixels, seed);
  const list = tileList(tiles);
  const png = await masked(pixels, hidden);
  const names = { tiles: `${part.role}.tiles`, salts: `${part.role}.salts` };
  made.parts.push({ ...part, data: png });
  made.parts.push({ name: names.tiles, media_type: "text/plain", role: "commitment", data: utf8(list) });
  made.parts.push({ name: names.salts, media_type: "text/plain", role: "commitment", data: utf8(saltList(tiles, hidden)) });
  made.facts.masks = [...made.facts.masks, { picture: part.name, ...names, hidden: hidden.size }];
  made.facts.transformations = [
    ...made.facts.transformations,
    {
      name: "mask",
      input_sha256: [],
      output_sha256: await sha256Hex(png),
      detail: `${hidden.size} of ${tiles.length} tiles of ${SIDE}x${SIDE} pixels made grey before sending; ${names.tiles} commits to the original, which its owner keeps`,
    },
  ];
  made.kept.push({ folder: part.role, png: part.data, seed, tiles: list });
}

/** @param {Uint8Array<ArrayBuffer>} png @returns {Promise<import("./tiles.js").Pixels>} */
export async function pixelsOf(png) {
  const bitmap = await decode(png);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

/** @param {import("./tiles.js").Pixels} pixels @param {Set<number>} hidden @returns {Promise<Uint8Array<ArrayBuffer>>} PNG */
async function masked({ width, height, data }, hidden) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  context.fillStyle = `rgb(${GREY} ${GREY} ${GREY})`;
  const { columns } = grid(width, height);
  for (const number of hidden) context.fillRect((number % columns) * SIDE, Math.floor(number / columns) * SIDE, SIDE, SIDE);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * @param {import("./seal.js").SealFacts} facts
 * @param {import("./outbox.js").Parcel} parcel
 * @param {Wish} wish
 * @returns {import("./seal.js").SealFacts}
 */
function maskedFacts(facts, parcel, wish) {
  const phrases = hiddenPhrases(parcel, wish);
  const around = [...phrases, ...hiddenAround(parcel, wish)];
  const reading = blackOutAll(facts.reading, phrases);
  // A number in the address of a profile tells who it is as well as the name.
  const isAuthorHidden = wish.withoutAuthor || reading.author !== facts.reading.author;
  const page = facts.page;
  const whole = {
    ...facts,
    reading: {
      ...reading,
      author: isAuthorHidden ? null : reading.author,
      author_id: isAuthorHidden || isNamedIn(facts.reading.author_id, phrases) ? null : facts.reading.author_id,
      post_id: isNamedIn(facts.reading.post_id, phrases) ? null : facts.reading.post_id,
      parent_id: isNamedIn(facts.reading.parent_id, phrases) ? null : facts.reading.parent_id,
      permalink: isNamedIn(facts.reading.permalink, phrases) ? null : facts.reading.permalink,
    },
    page: {
      ...page,
      title: blackOutAll(page.title, phrases),
      canonical: isNamedIn(page.canonical, phrases) ? null : page.canonical,
      referrer: isNamedIn(page.referrer, phrases) ? null : page.referrer,
      loaded: isNamedIn(page.loaded ?? null, phrases) ? null : page.loaded,
    },
    thread: wish.withoutThread ? [] : facts.thread.map((entry) => maskedEntry(entry, around)),
  };
  return { ...whole, maskedFields: changed(facts, whole) };
}

/** @param {import("./manifest.js").ThreadEntry} entry @param {string[]} phrases */
function maskedEntry(entry, phrases) {
  const isNamed = [entry.author_id, entry.permalink, entry.post_id].some((address) => isNamedIn(address, phrases));
  const said = blackOutAll(entry, phrases);
  const author_id = said.author === entry.author ? entry.author_id : null;
  return isNamed ? { ...said, author_id: null, permalink: null, post_id: null } : { ...said, author_id, permalink: entry.permalink };
}

/** @param {import("./seal.js").SealFacts} facts */
function pathOf({ page: { referrer, loaded } }) {
  return JSON.stringify([referrer, loaded ?? null]);
}

/** Names of what differs. @param {import("./seal.js").SealFacts} before @param {import("./seal.js").SealFacts} after @returns {string[]} */
function changed(before, after) {
  /** @type {[string, unknown, unknown][]} */
  const pairs = [
    ...["text", "author", "author_id", "post_id", "parent_id", "permalink"].map((name) => /** @type {[string, unknown, unknown]} */ ([name, /** @type {any} */ (before.reading)[name], /** @type {any} */ (after.reading)[name]])),
    ["title", before.page.title, after.page.title],
    ["canonical_url", before.page.canonical, after.page.canonical],
    ["path_followed", pathOf(before), pathOf(after)],
    ["thread", JSON.stringify(before.thread), JSON.stringify(after.thread)],
  ];
  return pairs.filter(([, one, other]) => one !== other).map(([name]) => name);
}
