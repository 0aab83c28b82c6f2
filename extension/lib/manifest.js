import { canonicalJson } from "./canonical.js";

/**
 * The manifest of a capture; the names are the service's (schema `Manifest`, version 1).
 *
 * @typedef {object} Reading what the page's reader found
 * @property {string} text
 * @property {boolean} isSubstitute the text stands in for a post without words (a picture's description)
 * @property {string | null} post_id
 * @property {string | null} parent_id
 * @property {string | null} author
 * @property {string | null} author_id
 * @property {string | null} shown_time
 * @property {string | null} markup_time
 * @property {string | null} permalink
 *
 * @typedef {object} PageFacts
 * @property {string} url
 * @property {string | null} frame address of the frame that holds the post, when it stands in one
 * @property {string | null} canonical
 * @property {string | null} [loaded] the address that the browser loaded, where the page became another one
 *   without loading
 * @property {number | null} status of the page as it was loaded; null for another one
 * @property {string} title
 * @property {string | null} referrer
 * @property {number} viewportWidth
 * @property {number} viewportHeight
 * @property {string} devicePixelRatio
 * @property {string} locale
 * @property {string} timeZone
 * @property {string | null} [adapter] which one read the post; with a `!` it stepped aside, and why
 *
 * @typedef {object} FileFacts
 * @property {string} name
 * @property {string} media_type
 * @property {number} size
 * @property {string} sha256
 * @property {"screenshot" | "context_screenshot" | "snapshot" | "attachment" | "commitment"} role
 * @property {string} [source_url] where the page had it from
 * @property {string} [description] what the page says it shows
 *
 * @typedef {object} ThreadEntry a post that this one answers, or an answer to it
 * @property {"parent" | "reply"} relation
 * @property {string} text
 * @property {string | null} author
 * @property {string | null} author_id
 * @property {string | null} post_id
 * @property {string | null} shown_time
 * @property {string | null} markup_time
 * @property {string | null} permalink
 *
 * @typedef {object} MaskEntry a picture that was masked before it was sent
 * @property {string} picture name of the masked picture's file
 * @property {string} tiles name of the file with the salted hashes of all tiles of its original
 * @property {string} salts name of the file with the salts of the tiles that are shown
 * @property {number} hidden how many tiles are
 *
 * @typedef {object} Transformation
 * @property {string} name
 * @property {string[]} input_sha256
 * @property {string} output_sha256
 * @property {string} detail
 *
 * @typedef {object} Facts
 * @property {string} id
 * @property {string} startedAt RFC 3339, UTC
 * @property {string} finishedAt
 * @property {number | null} clockOffset milliseconds
 * @property {PageFacts} page
 * @property {Reading} reading
 * @property {FileFacts[]} files
 * @property {Transformation[]} transformations
 * @property {string[]} missing
 * @property {Record<string, string | null>} environment
 * @property {Record<string, string>} options
 * @property {ThreadEntry[]} thread
 * @property {MaskEntry[]} masks
 * @property {string[]} maskedFields names of what was blacked out or left out besides pictures
 */

const SHORT = 500;
const ADDRESS = 4096;
const LONGEST_THREAD = 5000;
export const LONGEST_TEXT = 100_000;

/**
 * @param {Facts} facts
 * @returns {string} canonical JSON; these very bytes are signed
 */
export function renderManifest(facts) {
  return canonicalJson({
    version: 1,
    capture_id: facts.id,
    page: pageEntry(facts.page),
    post: postEntry(facts),
    files: facts.files,
    started_at: facts.startedAt,
    finished_at: facts.finishedAt,
    clock_offset_ms: facts.clockOffset,
    completeness: facts.missing.length > 0 ? "PARTIAL" : "COMPLETE",
    missing: facts.missing,
    environment: environmentEntry(facts),
    transformations: facts.transformations,
    // only where there is something: a service of before knows none of these
    thread: facts.thread.length > 0 ? facts.thread.map(threadEntry) : undefined,
    masks: facts.masks.length > 0 ? facts.masks : undefined,
    masked_fields: facts.maskedFields.length > 0 ? facts.maskedFields : undefined,
  });
}

/** @param {ThreadEntry} entry */
function threadEntry({ relation, text, author, author_id, post_id, shown_time, markup_time, permalink }) {
  return {
    relation: relation === "parent" ? "parent" : "reply",
    text: clip(text, LONGEST_THREAD) ?? "",
    author: clip(author, SHORT),
    author_id: clip(author_id, SHORT),
    post_id: clip(post_id, SHORT),
    shown_time: clip(shown_time, SHORT),
    markup_time: clip(markup_time, SHORT),
    permalink: address(permalink),
  };
}

/** @param {PageFacts} page */
function pageEntry(page) {
  const url = clip(page.url, ADDRESS) ?? page.url;
  const frame = address(page.frame);
  return {
    url,
    canonical_url: address(page.canonical),
    final_url: frame ?? url,
    status: page.status,
    title: clip(page.title, SHORT),
    path_followed: [address(page.referrer), address(page.loaded ?? null), url, frame].filter((step) => step !== null),
  };
}

/** @param {Facts} facts */
function postEntry({ page, reading }) {
  return {
    text: clip(reading.text, LONGEST_TEXT) ?? "",
    site: new URL(page.url).host,
    post_id: clip(reading.post_id, SHORT),
    parent_id: clip(reading.parent_id, SHORT),
    author: clip(reading.author, SHORT),
    author_id: clip(reading.author_id, SHORT),
    shown_time: clip(reading.shown_time, SHORT),
    markup_time: clip(reading.markup_time, SHORT),
    permalink: address(reading.permalink),
  };
}

/** @param {Facts} facts */
function environmentEntry({ page, environment, options }) {
  return {
    ...environment,
    viewport_width: page.viewportWidth,
    viewport_height: page.viewportHeight,
    device_pixel_ratio: page.devicePixelRatio,
    locale: clip(page.locale, SHORT),
    time_zone: clip(page.timeZone, SHORT),
    profile: "live",
    options,
  };
}

/**
 * @param {string | null | undefined} text
 * @param {number} length
 * @returns {string | null} well-formed and not longer; null for nothing
 */
function clip(text, length) {
  if (!text) return null;
  return text.slice(0, length).toWellFormed();
}

/** @param {string | null} url an address that was cut would be another address: then rather none */
function address(url) {
  return url && url.length <= ADDRESS && /^https?:/.test(url) ? url.toWellFormed() : null;
}
