import { allSites } from "../lib/sites.js";

/** What is known of single sites, for the button on one of them. */
export async function siteData() {
  return allSites();
}
