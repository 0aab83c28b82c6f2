import { pageOf } from "./address.js";
import { findPost, sameAddress, sameAuthor } from "./match.js";

/**
 * What a page that was read with the person's session says of a watched post. In doubt it says
 * nothing: an invalid look with its reason. "Not there" needs the page, the session and the
 * neighbours of before.
 *
 * @typedef {import("./match.js").Target} Target
 * @typedef {import("./match.js").ReadPost} ReadPost
 *
 * @typedef {object} PageReading what `look/look.js` gives
 * @property {string} url
 * @property {number | null} status
 * @property {boolean} signedIn a control that ends the session is there
 * @property {number} quality of the list, 0 to 1
 * @property {number} words characters
 * @property {string[]} challenges
 * @property {number} passwords
 * @property {{share: number, consent: boolean, password: boolean} | null} layer over the page
 * @property {boolean} consentModal
 * @property {boolean} missing marked as an error page
 * @property {object} skeleton
 * @property {ReadPost[]} posts
 *
 * @typedef {object} Neighbour as kept on this computer: no words of others
 * @property {string} mark a hash of id, author and words
 * @property {number} side -1 before the post, 1 after it
 *
 * @typedef {object} Before what the last look that saw the post knew
 * @property {boolean} signedIn
 * @property {Neighbour[]} neighbours
 *
 * @typedef {object} Said exactly one of `sighting` and `reason` is given
 * @property {string | null} sighting
 * @property {string | null} reason
 * @property {string} detail
 * @property {import("./match.js").Match | null} match
 * @property {{known: number, found: number, before: number, after: number}} controls
 */

const POOR = 0.45;
const FEW_WORDS = 2_500;
const WALL_SHARE = 0.5;
const LEAST_CONTROLS = 2;
const SHARE = 0.6;
const LOGIN = /(?:^|[/_.-])(?:log-?in|sign-?in|wp-login|auth(?:enticate|orize)?|sso|connexion|checkpoint|session\/new|registrat?ion)(?:$|[/_.?-])/iu;
const NO_CONTROLS = { known: 0, found: 0, before: 0, after: 0 };

/**
 * @param {Target} target
 * @param {string} page the address that was opened
 * @param {PageReading} reading
 * @param {Before | null} before
 * @param {string[]} marks of the reading's posts, as `Neighbour.mark`
 * @returns {Said}
 */
export function sayOf(target, page, reading, before, marks) {
  const reason = whyNothing(page, reading);
  if (reason) return unsure(...reason);
  const match = findPost(target, reading.posts);
  return match ? found(match, reading) : notFound(reading, before, marks);
}

/** @param {string} reason @param {string} detail @param {Said["controls"]} [controls] @returns {Said} */
function unsure(reason, detail, controls = NO_CONTROLS) {
  return { sighting: null, reason, detail, match: null, controls };
}

/** @param {PageReading} reading */
function hasList({ posts, quality }) {
  return posts.length > 1 && quality >= POOR;
}

/**
 * Why nothing on this page can be believed.
 * @param {string} page @param {PageReading} reading @returns {[string, string] | null}
 */
function whyNothing(page, reading) {
  const { status, layer, challenges, passwords } = reading;
  const isSparse = reading.words < FEW_WORDS && !hasList(reading);
  if (status === 429) return ["rate_limited", "The site asked to slow down (status 429)."];
  if (status === 451) return ["geo_blocked", "Withheld for legal reasons here (status 451)."];
  if (status === 401) return ["login_wall", "The site wants a log-in (status 401)."];
  if (challenges.length > 0 && isSparse) return ["challenge", "The site wants proof of a human visitor."];
  const isElsewhere = !samePage(page, reading.url);
  if (isElsewhere && (passwords > 0 || LOGIN.test(pathOf(reading.url)))) return ["login_wall", "The page led to a log-in."];
  if (layer && layer.share >= WALL_SHARE && layer.password) return ["login_wall", "A log-in form covers the page."];
  if (passwords > 0 && !hasList(reading)) return ["login_wall", "The page asks for a password."];
  if ((status ?? 200) >= 400) return ["server_error", `The site did not serve the page (status ${status}).`];
  if (isElsewhere) return ["incomplete", "The page led somewhere else."];
  if (reading.consentModal || (layer && layer.share >= WALL_SHARE && layer.consent)) {
    return ["consent_wall", "A consent dialog covers the page."];
  }
  if (reading.missing || reading.posts.length === 0) return ["not_rendered", "The page shows no posts."];
  return null;
}

/** @param {string} one @param {string} other host, path, query and a program's own route agree */
export function samePage(one, other) {
  return sameAddress(pageOf(one), pageOf(other));
}

/** @param {string} url */
function pathOf(url) {
  return URL.canParse(url) ? new URL(url).pathname : "";
}

/** @param {import("./match.js").Match} match @param {PageReading} reading @returns {Said} */
function found(match, { posts }) {
  const post = posts[match.place];
  const shown = posts.filter(({ visible }) => visible).length;
  const said = { reason: null, match, controls: NO_CONTROLS };
  if (post.visible && match.isSame) return { ...said, sighting: "present", detail: "The post is there." };
  if (post.visible) return { ...said, sighting: "edited", detail: "The post is there with another text." };
  if (shown * 2 < posts.length) return unsure("not_rendered", "Most of the page's posts cannot be seen.");
  if (post.unfoldable) return { ...said, sighting: "collapsed", detail: "The post is there, folded." };
  return { ...said, sighting: "concealed", detail: "The post is in the page, but cannot be seen." };
}

/** @param {PageReading} reading @param {Before | null} before @param {string[]} marks @returns {Said} */
function notFound(reading, before, marks) {
  if (!hasList(reading)) return unsure("not_rendered", "The page shows no list of posts.");
  if (!before || before.neighbours.length < LEAST_CONTROLS) return unsure("incomplete", "Its place is not known.");
  if (!before.signedIn || !reading.signedIn) {
    return unsure("login_wall", "Nothing shows that the session of before is still there.");
  }
  const sides = [-1, 1].map((side) => before.neighbours.filter((each) => each.side === side));
  const again = sides.map((side) => side.filter(({ mark }) => marks.includes(mark)).length);
  const controls = { known: before.neighbours.length, found: again[0] + again[1], before: again[0], after: again[1] };
  const isEnough = controls.found >= SHARE * controls.known && again.every((count) => count > 0);
  if (!isEnough) return unsure("incomplete", "Too few of its neighbours were found again.", controls);
  return { sighting: "absent", reason: null, detail: "The post is not there; its neighbours are.", match: null, controls };
}

/** The posts of others nearest to a place, on both sides. @param {ReadPost[]} posts @param {number} place */
export function neighboursOf(posts, place) {
  const own = posts[place].author;
  const others = posts.map((post, at) => ({ post, at })).filter(({ post, at }) => at !== place && !sameAuthor(post.author, own));
  return [...others.filter(({ at }) => at < place).slice(-4), ...others.filter(({ at }) => at > place).slice(0, 4)];
}
