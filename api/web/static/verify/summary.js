/** What is said at the end of a verification that held. */
import { ProofInvalid } from "./fault.js";
import { PROOF, shown, STATEMENT } from "./layout.js";

/**
 * @typedef {import("./trust.js").Grade} Grade
 * @typedef {import("./entry.js").Entry} Entry
 */

/** @type {Grade[]} */
const BEST_FIRST = ["independent", "unconfirmed", "local"];

/**
 * @param {import("./report.js").Report} report
 * @param {import("./trust.js").Trust} trust
 * @param {readonly Entry[]} entries the main one first
 * @throws {ProofInvalid} what the visitor brought confirms nothing
 */
export function summarize(report, trust, entries) {
  const [{ stamps, inclusion }] = entries;
  if (trust.ownRoots && !stamps.some(({ trusted }) => trusted)) {
    throw new ProofInvalid(STATEMENT, "no time stamp leads to the trusted roots given");
  }
  const own = new Set(trust.ownWitnesses?.map(({ vkey }) => vkey));
  if (trust.ownWitnesses && !inclusion.cosigned.some(({ vkey }) => own.has(vkey))) {
    throw new ProofInvalid(PROOF, "none of the witnesses given cosigned the checkpoint");
  }
  report.valid = true;
  report.times = entries.flatMap((entry) => entry.stamps);
  report.time_grade = BEST_FIRST.find((grade) => stamps.some((stamp) => stamp.grade === grade)) ?? null;
  report.roots_from_bundle_only = trust.ownRoots === null;
  report.log_key_from_bundle_only = !trust.ownLogKeys;
  report.log_key = trust.logKeys[0]?.vkey ?? null;
  report.leaf_index = Number(inclusion.index);
  report.tree_size = Math.max(...entries.map((entry) => Number(entry.inclusion.checkpoint.size)));
  report.withheld = entries.flatMap((entry) => entry.withheld);
  report.witness_keys_from_bundle_only = trust.ownWitnesses === null;
  report.cosignatures = entries.flatMap((entry) =>
    entry.inclusion.cosigned.map(({ witness, at, vkey }) => {
      return { subject: shown(entry.folder + PROOF), witness, at, trusted: own.has(vkey) };
    }),
  );
}
