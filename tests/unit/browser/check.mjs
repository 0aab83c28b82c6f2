/**
 * Checks bundles with the page's own modules, outside of a browser.
 *
 * Reads a JSON list of jobs from standard input: {path, roots, logKeys, witnessKeys}, the last three
 * text or null. Writes one result for each: {notABundle} or the report.
 */
import { openAsBlob } from "node:fs";
import { text } from "node:stream/consumers";
import { inspectBundle } from "../../../api/web/static/verify/verification.js";
import { NotABundle } from "../../../api/web/static/verify/fault.js";

const results = [];
for (const { path, ...own } of JSON.parse(await text(process.stdin))) {
  try {
    const { report } = await inspectBundle(await openAsBlob(path), own);
    results.push(report);
  } catch (error) {
    if (!(error instanceof NotABundle)) throw error;
    results.push({ notABundle: error.message });
  }
}
process.stdout.write(JSON.stringify(results));
