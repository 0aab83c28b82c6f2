/**
 * Whether this is Firefox, whose own ways are few: it pictures any rectangle of a page, as often as
 * asked, and its match patterns know no ports.
 */
export function isFirefox() {
  return chrome.runtime.getURL("").startsWith("moz-extension:");
}
