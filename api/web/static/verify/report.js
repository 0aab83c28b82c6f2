/**
 * What a verification found, as data for people and programs; the names are those of
 * `rature verify --json`.
 *
 * @typedef {object} Check
 * @property {string} subject a file of the bundle
 * @property {"ok" | "skipped"} outcome skipped: it cannot be checked in a browser
 * @property {string} text an English sentence with `{names}`
 * @property {Record<string, string | number>} values
 *
 * @typedef {object} Failure
 * @property {string} subject
 * @property {string} text
 * @property {Record<string, string | number>} values
 *
 * @typedef {object} Cosignature
 * @property {string} subject
 * @property {string} witness
 * @property {string} at
 * @property {boolean} trusted the visitor brought the witness's key
 *
 * @typedef {object} Calendar
 * @property {string} subject
 * @property {{ height: number, merkle_root: string }[]} blocks
 * @property {string[]} promised_by
 *
 * @typedef {object} Mask
 * @property {string} picture its folder below `data/`
 * @property {number} visible tiles
 * @property {number} hidden tiles
 *
 * @typedef {object} Export
 * @property {number} leaf_index
 * @property {string} at
 * @property {string} lang
 * @property {boolean} masked
 * @property {string[]} files
 */

/** The result. `first_failure` names the first file or proof that fails, and why. */
export class Report {
  constructor() {
    this.valid = false;
    /** @type {string | null} */
    this.kind = null;
    /** @type {string | null} */
    this.first_failure = null;
    /** @type {Failure | null} */
    this.failure = null;
    /** @type {Check[]} */
    this.checks = [];
    /** @type {import("./trust.js").Stamp[]} */
    this.times = [];
    /** @type {import("./trust.js").Grade | null} */
    this.time_grade = null;
    this.roots_from_bundle_only = true;
    this.log_key_from_bundle_only = true;
    /** @type {string | null} */
    this.log_key = null;
    /** @type {number | null} */
    this.leaf_index = null;
    /** @type {number | null} */
    this.tree_size = null;
    /** @type {string[]} */
    this.withheld = [];
    /** @type {string[]} */
    this.not_compared = [];
    /** @type {Mask[]} */
    this.masks = [];
    /** @type {number[]} */
    this.erased = [];
    /** @type {Cosignature[]} */
    this.cosignatures = [];
    this.witness_keys_from_bundle_only = true;
    /** @type {Calendar[]} */
    this.calendars = [];
    /** @type {Export | null} */
    this.export = null;
  }

  /**
   * Notes a check that held.
   *
   * @param {string} subject
   * @param {string} text
   * @param {Record<string, string | number>} [values]
   */
  held(subject, text, values = {}) {
    this.checks.push({ subject, outcome: "ok", text, values });
  }

  /**
   * Notes what a browser cannot check.
   *
   * @param {string} subject
   * @param {string} text
   */
  skipped(subject, text) {
    this.checks.push({ subject, outcome: "skipped", text, values: {} });
    this.not_compared.push(subject);
  }

  /** @param {import("./fault.js").ProofInvalid} fault */
  fail(fault) {
    this.first_failure = fault.message;
    const values = Object.fromEntries(Object.entries(fault.values).map(([name, value]) => [name, String(value)]));
    this.failure = { subject: fault.subject, text: fault.text, values };
  }
}
