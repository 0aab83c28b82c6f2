/**
 * What is known of single sites: the data files of `sites/`, the same that the service's checker reads.
 * @typedef {{name: string, title: string, hosts: string[]} & Record<string, unknown>} SiteFile
 */

/** @param {string} name @returns {Promise<any>} a data file of this package */
async function load(name) {
  const answer = await fetch(chrome.runtime.getURL(`sites/${name}.json`));
  return answer.json();
}

/** All adapters, in the order in which they are tried. @returns {Promise<SiteFile[]>} */
export async function allSites() {
  /** @type {string[]} */ const names = await load("index");
  return Promise.all(names.map(load));
}

/**
 * Gives the scripts on a page, in its frames of the same origin too, the adapters; to be done before
 * the reader comes.
 * @param {number} tabId
 */
export async function bringSites(tabId) {
  await chrome.scripting.executeScript({ target: { tabId, allFrames: true }, func: give, args: [await allSites()] });
}

/** Runs on the page, in the scripts' own world. @param {any} sites */
function give(sites) {
  const world = /** @type {any} */ (globalThis);
  world.RatureReader ??= {};
  world.RatureReader.sites = sites;
}
