/**
 * Which item of a page is the watched post: the checker's rules for identity, as far as a single look
 * needs them. The id or the post's own address decides where there is one, otherwise author and whole
 * text: a quotation inside somebody else's post is not the post.
 *
 * @typedef {object} Target
 * @property {string} text
 * @property {string | null} author
 * @property {string | null} post_id
 * @property {string | null} permalink
 *
 * @typedef {object} ReadPost a post as the page's reader gives it
 * @property {string | null} post_id
 * @property {string | null} parent_id
 * @property {string | null} author
 * @property {string | null} author_id
 * @property {string} text
 * @property {string | null} permalink
 * @property {boolean} visible
 * @property {string | null} hidden_by
 * @property {boolean} unfoldable
 *
 * @typedef {object} Match
 * @property {number} place
 * @property {"id" | "permalink" | "author+text" | "text" | "beginning"} by
 * @property {number} similarity 0 to 1
 * @property {boolean} isSame the words are the same
 */

const SAME = 0.9;
const GUTTED = 0.6;
const SHORT = 40;
const COMPARED = 3_000;
/** Letters of other scripts that look Latin, and typographic quotes and dashes; as the checker folds them. */
const FROM = "АВЕКМНОРСТУХаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοѵӏ‘’‚‛“”„‟«»′″‐‑‒–—―−";
const TO = "ABEKMHOPCTYXaeopcyxijsdhqwABEZHIKMNOPTYXovl''''\"\"\"\"\"\"'\"-------";
export const LOOKALIKES = new Map([...FROM].map((letter, place) => [letter, TO[place]]));

/** @param {string} text @returns {string} without what nobody sees, look-alikes and white space folded */
export function normalise(text) {
  const seen = text.normalize("NFKC").replace(/[\p{Cf}\ufe00-\ufe0f\u034f]/gu, "");
  return [...seen].map((letter) => LOOKALIKES.get(letter) ?? letter).join("").replace(/\s+/gu, " ").trim();
}

/** @param {string | null} one @param {string | null} other unknown is nobody's name */
export function sameAuthor(one, other) {
  return Boolean(one && other) && nameOf(/** @type {string} */ (one)) === nameOf(/** @type {string} */ (other));
}

/** @param {string} name */
function nameOf(name) {
  return normalise(name).toLowerCase().replace(/^[ @:·•]+|[ @:·•]+$/gu, "");
}

/** Characters of an id that may stand within a longer one. */
const LEAST_ID = 6;

/** @param {string | null} one @param {string | null} other `comment-12`, `li-comment-12` and `12` agree, `thing_t1_x` and `t1_x` too */
export function sameId(one, other) {
  if (!one || !other) return false;
  if (one === other) return true;
  const [inner, outer] = [one, other].sort((a, b) => a.length - b.length);
  if (inner.length >= LEAST_ID && /\d/u.test(inner) && (outer.endsWith(`_${inner}`) || outer.endsWith(`-${inner}`))) return true;
  const [first, second] = [one, other].map((mark) => /^(.*?)[^0-9A-Za-z]*(\d+)$/su.exec(mark));
  if (!first || !second || first[2] !== second[2]) return false;
  const [shorter, longer] = [first[1].toLowerCase(), second[1].toLowerCase()].sort((a, b) => a.length - b.length);
  return longer.endsWith(shorter);
}

/** @param {string | null} one @param {string | null} other apart from scheme, `www.` and a slash at the end */
export function sameAddress(one, other) {
  if (!one || !other || !URL.canParse(one) || !URL.canParse(other)) return false;
  const [first, second] = [one, other].map((address) => {
    const { host, pathname, search, hash } = new URL(address);
    return [host.replace(/^www\./u, ""), pathname.replace(/\/+$/u, ""), search, hash].join(" ");
  });
  return first === second;
}

/**
 * How alike two texts are: twice the longest common subsequence over both lengths.
 * @param {string} one @param {string} other @returns {number} 0 to 1
 */
export function similarity(one, other) {
  if (one === other) return 1;
  const [first, second] = [one.slice(0, COMPARED), other.slice(0, COMPARED)];
  let row = new Uint16Array(second.length + 1);
  for (const letter of first.split("")) {
    const next = new Uint16Array(second.length + 1);
    for (let at = 1; at <= second.length; at += 1) {
      next[at] = second[at - 1] === letter ? row[at - 1] + 1 : Math.max(row[at], next[at - 1]);
    }
    row = next;
  }
  const total = first.length + second.length;
  return total === 0 ? 1 : Math.min(0.9999, (2 * row[second.length]) / total);
}

/** @param {Target} target @param {ReadPost[]} posts @returns {Match | null} */
export function findPost(target, posts) {
  return byId(target, posts) ?? byWords(target, posts);
}

/** @param {Target} target @param {ReadPost[]} posts @returns {Match | null} */
function byId(target, posts) {
  const text = normalise(target.text);
  for (const [place, post] of posts.entries()) {
    const isId = sameId(target.post_id, post.post_id);
    if (!isId && !sameAddress(target.permalink, post.permalink)) continue;
    const alike = similarity(text, normalise(post.text));
    const isOthers = target.author && post.author && !sameAuthor(target.author, post.author);
    // An id that only counts places: another post moved up to this one.
    if (isOthers && alike < GUTTED) continue;
    return { place, by: isId ? "id" : "permalink", similarity: alike, isSame: isSameText(text, post) };
  }
  return null;
}

/** @param {string} text @param {ReadPost} post */
function isSameText(text, post) {
  const read = normalise(post.text);
  return read === text || isBeginning(text, read);
}

/** The end is folded away ("... see more"): the same post. @param {string} text @param {string} read */
function isBeginning(text, read) {
  const at = read.lastIndexOf("...");
  return at >= SHORT / 2 && read.length - at - 3 <= 25 && text.startsWith(read.slice(0, at).trimEnd());
}

/** @param {Target} target @param {ReadPost[]} posts @returns {Match | null} */
function byWords(target, posts) {
  const text = normalise(target.text);
  /** @type {Match | null} */
  let nearest = null;
  for (const [place, post] of posts.entries()) {
    const isOwn = sameAuthor(target.author, post.author);
    if (!isOwn && target.author && post.author) continue;
    const read = normalise(post.text);
    if (read === text && (isOwn || text.length >= SHORT)) {
      return { place, by: isOwn ? "author+text" : "text", similarity: 1, isSame: true };
    }
    if (text.length < SHORT || !isOwn) continue;
    const alike = similarity(text, read);
    if (isBeginning(text, read)) nearest = { place, by: "beginning", similarity: alike, isSame: true };
    else if (alike >= SAME && alike > (nearest?.similarity ?? 0)) {
      nearest = { place, by: "author+text", similarity: alike, isSame: false };
    }
  }
  return nearest;
}
