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
 * @property {string | null} canonical
 * @property {number | null} status
 * @property {string} title
 * @property {string | null} referrer
 * @property {number} viewportWidth
 * @property {number} viewportHeight
 * @property {string} devicePixelRatio
 * @property {string} locale
 * @property {string} timeZone
 *
 * @typedef {object} FileFacts
 * @property {string} name
 * @property {string} media_type
 * @property {number} size
 * @property {string} sha256
 * @property {"screenshot" | "context_screenshot" | "snapshot" | "attachment"} role
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
 */

const SHORT = 500;
const ADDRESS = 4096;
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
  });
}

/** @param {PageFacts} page */
function pageEntry(page) {
  const url = clip(page.url, ADDRESS) ?? page.url;
  return {
    url,
    canonical_url: address(page.canonical),
    final_url: url,
    status: page.status,
    title: clip(page.title, SHORT),
    path_followed: [address(page.referrer), url].filter((step) => step !== null),
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
