/**
 * The machine and browser, for the manifest.
 * @returns {Promise<{browser: string | null, os: string | null, extension_version: string, user_agent: string}>}
 */
export async function environment() {
  const platform = await chrome.runtime.getPlatformInfo();
  const details = await highEntropy();
  const version = details?.platformVersion ? ` ${details.platformVersion}` : "";
  return {
    browser: await browserName(details),
    os: `${details?.platform || platform.os}${version} (${platform.arch})`,
    extension_version: chrome.runtime.getManifest().version,
    user_agent: navigator.userAgent.slice(0, 1000),
  };
}

/** @returns {Promise<any>} client hints with full versions; null where there are none (Firefox) */
async function highEntropy() {
  const hints = /** @type {any} */ (navigator).userAgentData;
  return hints ? hints.getHighEntropyValues(["fullVersionList", "platformVersion"]) : null;
}

/** @param {any} details @returns {Promise<string | null>} name and full version */
async function browserName(details) {
  const brands = details?.fullVersionList ?? [];
  // Chromium adds a made-up brand with odd characters; the product is the most particular of the rest.
  const known = brands.filter((/** @type {{brand: string}} */ entry) => /^[A-Za-z ]+$/.test(entry.brand));
  const own = known.find((/** @type {{brand: string}} */ entry) => entry.brand !== "Chromium") ?? known[0];
  if (own) return `${own.brand} ${own.version}`;
  const info = await /** @type {any} */ (chrome.runtime).getBrowserInfo?.();
  return info ? `${info.name} ${info.version}` : null;
}

/** @returns {Promise<string>} how the service's page names this browser when it asks for approval */
export async function clientName() {
  const { browser, os } = await environment();
  return `Rature, ${browser ?? "browser"}, ${os ?? "computer"}`.slice(0, 100);
}
