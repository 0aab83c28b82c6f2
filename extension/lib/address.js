import { isFirefox } from "./browser.js";
import { Fault } from "./fault.js";

/** Whole IPv4 addresses only: `127.0.0.1.example.org` is somebody else's name. */
const PRIVATE_V4 = /^(127\.\d+|10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+$/;

/**
 * The origin that somebody means by what he typed.
 * @param {string} typed for instance "127.0.0.1:8787" or "https://rature.example.org/"
 * @returns {string} for instance "http://127.0.0.1:8787"
 * @throws {Fault} `address_invalid`, or `address_insecure`: the token would travel in the clear
 */
export function originOf(typed) {
  const text = typed.trim();
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${guess(text)}://${text}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Fault("address_invalid", text);
  }
  if (url.protocol === "http:" && !isNear(url.hostname)) throw new Fault("address_insecure", url.host);
  return url.origin;
}

/** @param {string} text */
function parse(text) {
  return URL.canParse(text) ? new URL(text) : null;
}

/** @param {string} text */
function guess(text) {
  const url = parse(`http://${text}`);
  return url && isNear(url.hostname) ? "http" : "https";
}

/** @param {string} host on this machine or in this house, where http is acceptable */
function isNear(host) {
  return host === "localhost" || host === "[::1]" || /\.(localhost|local)$/.test(host) || PRIVATE_V4.test(host);
}

/**
 * @param {string} url
 * @returns {string} without the place within the page; `#/...` and `#!...` name a page of their own
 */
export function pageOf(url) {
  return url.replace(/#(?![/!]).*$/su, "");
}

/**
 * The match pattern of one origin. Firefox knows no ports in patterns.
 * @param {string} origin
 */
export function patternOf(origin) {
  const url = new URL(origin);
  return `${url.protocol}//${isFirefox() ? url.hostname : url.host}/*`;
}
