import { clockOffset } from "./about.js";
import { keepAction } from "./actions.js";
import { sha256Hex, utf8 } from "./bytes.js";
import { lookedOf, keepLooked } from "./looked.js";
import { hiddenSoFar, tells } from "./masked.js";
import { normalise } from "./match.js";
import { neighboursOf, samePage, sayOf } from "./own_sighting.js";
import { bringSites } from "./sites.js";
import { READER_SCRIPTS } from "./start.js";

/**
 * Takes one look with the person's session and keeps it for the service. What leaves this computer is
 * what the look says; the posts around it go along only while no public look has ever seen the post,
 * because then nothing else can prove its place, and none that was hidden in a masked capture. Here,
 * neighbours are kept as hashes.
 *
 * @typedef {import("./own_sighting.js").PageReading} PageReading
 * @typedef {import("./own_sighting.js").Said} Said
 * @typedef {import("./match.js").Target} Target
 * @typedef {import("./match.js").ReadPost} ReadPost
 */

const SEEN = new Set(["present", "edited", "collapsed"]);
/** A neighbour with an id and an author is told by these alone. */
const LONGEST_NEIGHBOUR = 2_000;

/**
 * Reads a tab's page. The answer comes from our own script by the browser itself: no page can send it.
 * @param {number} tabId
 * @returns {Promise<PageReading | null>} null where no script can run
 */
export async function readTab(tabId) {
  try {
    const files = [...READER_SCRIPTS, "look/look.js"];
    await bringSites(tabId);
    const [ran] = await chrome.scripting.executeScript({ target: { tabId }, files });
    return /** @type {any} */ (ran?.result) ?? null;
  } catch {
    return null; // closed, or an error page of the browser's own
  }
}

/**
 * @param {object} what
 * @param {string} what.key the watch's id, or the capture's
 * @param {import("./actions.js").Subject} what.subject
 * @param {Target} what.target
 * @param {string} what.page
 * @param {boolean} what.isPublic a public look saw it once
 * @param {PageReading} reading
 * @param {string} note how the look came about, for the record
 * @returns {Promise<Said>}
 */
export async function keepLook({ key, subject, target, page, isPublic }, reading, note) {
  const at = Date.now();
  const marks = await Promise.all(reading.posts.map(markOf));
  const known = await lookedOf(key);
  const said = sayOf(target, page, reading, known?.before ?? null, marks);
  const isSeen = SEEN.has(said.sighting ?? "");
  // At the capture the person saw it: a reading that does not find it then says nothing.
  if (subject.capture && !isSeen) return said;
  await keepAction("observation", subject, { body: await bodyOf({ at, said, target, page, reading, isPublic, note }) });
  const before = isSeen ? { signedIn: reading.signedIn, neighbours: sidesOf(reading.posts, said, marks) } : (known?.before ?? null);
  await keepLooked({ watch: key, at, outcome: said.sighting ?? said.reason ?? "", before });
  return said;
}

/**
 * A look that came to nothing: the reason is told as well.
 * @param {string} key @param {import("./actions.js").Subject} subject @param {string} reason @param {string} detail
 */
export async function keepFailure(key, subject, reason, detail) {
  const at = Date.now();
  const body = { ...shared(await serviceTime(at)), validity: "invalid", reason, detail };
  await keepAction("observation", subject, { body });
  await keepLooked({ watch: key, at, outcome: reason, before: (await lookedOf(key))?.before ?? null });
}

/** @param {string} at */
function shared(at) {
  return { at, vantage: { class: "author", id: "browser" }, via: "browser" };
}

/** @param {number} moment milliseconds of this clock @returns {Promise<string>} by the service's, where the difference is known */
async function serviceTime(moment) {
  return new Date(moment - ((await clockOffset()) ?? 0)).toISOString();
}

/**
 * @param {{at: number, said: Said, target: Target, page: string, reading: PageReading, isPublic: boolean, note: string}} look
 */
async function bodyOf({ at, said, target, page, reading, isPublic, note }) {
  const isValid = said.sighting !== null;
  const body = {
    ...shared(await serviceTime(at)),
    validity: isValid ? "valid" : "invalid",
    sighting: said.sighting,
    reason: said.reason,
    detail: `${said.detail} ${note}`,
    controls: said.controls,
    matched_by: said.match?.by ?? null,
    similarity: said.match?.similarity ?? null,
    status: reading.status,
    // Another address may carry what is nobody's business.
    final_url: samePage(page, reading.url) ? page : null,
  };
  if (!said.match || !SEEN.has(said.sighting ?? "") || isPublic) return body;
  return { ...body, ...around(reading, said.match.place, target, await hiddenSoFar()) };
}

/**
 * The post and its nearest neighbours, without the words of those that an id and a name tell. Of the
 * post nothing is told that the service was not told when it was captured, by whatever browser.
 * @param {PageReading} reading @param {number} place @param {Target} target @param {string[]} hidden
 */
function around({ posts, skeleton }, place, target, hidden) {
  const parent = posts[place].parent_id;
  const near = new Map(neighboursOf(posts, place).map(({ post, at }) => [at, post]));
  const above = parent ? posts.findIndex(({ post_id }) => post_id === parent) : -1;
  if (above >= 0) near.set(above, posts[above]);
  const siblings = [...near].sort(([one], [other]) => one - other).map(([at, post]) => sibling(post, at, !(post.post_id && post.author)));
  const own = sibling(posts[place], place, true);
  const seen = { ...own, author: target.author && own.author, post_id: target.post_id && own.post_id, permalink: target.permalink && own.permalink };
  return { seen, siblings: siblings.filter((told) => !tells(told, hidden)), skeleton };
}

/** @param {ReadPost} post @param {number} position @param {boolean} withWords */
function sibling({ post_id, author, text, permalink, parent_id }, position, withWords) {
  return { position, post_id, author, text: withWords ? text.slice(0, LONGEST_NEIGHBOUR) : "", permalink, parent: parent_id };
}

/** @param {ReadPost} post */
function markOf({ post_id, author, text }) {
  return sha256Hex(utf8([post_id ?? "", normalise(author ?? ""), normalise(text)].join("\n")));
}

/** @param {ReadPost[]} posts @param {Said} said @param {string[]} marks */
function sidesOf(posts, said, marks) {
  const place = /** @type {import("./match.js").Match} */ (said.match).place;
  return neighboursOf(posts, place).map(({ at }) => ({ mark: marks[at], side: at < place ? -1 : 1 }));
}
