/** Names of the files in a bundle. */

export const DATA = "data/";
export const STATEMENT = "STATEMENT.sha256";
export const PROOF = "STATEMENT.tlog-proof";
export const META = "meta.json";
export const RECORD = "record.json";
export const RECORDS = "records/";
export const OBSERVATIONS = "observations.jsonl";
export const VERDICT = "verdict.json";
export const LOG_VKEY = "keys/log.vkey";
export const LOG_PEM = "keys/log.pem";
export const WITNESSES = "keys/witnesses.vkey";
export const ROOTS = "keys/roots.pem";
export const INTERMEDIATES = "keys/intermediates.pem";
export const CALENDAR = "STATEMENT.ots";
export const TILES = "TILES.sha256";
export const CAPTURE = "capture";
export const LOOK = "observation";
export const NOTICE = "notice";
export const VERDICT_KIND = "verdict";
export const VISIT = "visit";
export const ERASURE = "erasure";
export const EXPORT = "export";

/** Payload files that belong to no statement. */
export const ENVELOPE = [
  OBSERVATIONS, VERDICT, "README.txt", "verify.sh", LOG_VKEY, LOG_PEM, WITNESSES, ROOTS,
  INTERMEDIATES,
];

export const TOKEN = /^STATEMENT\.tsa[1-9][0-9]?\.tsr$/;
export const CHECKPOINT_TOKEN = /^STATEMENT\.checkpoint\.tsa[1-9][0-9]?\.tsr$/;
export const RECORD_FOLDER = /^records\/(0|[1-9][0-9]{0,17})-([a-z][a-z_]{0,39})\/$/;
export const ORIGINAL = /^(.+)\/original\.(?:png|jpg|webp)$/;

/**
 * The file that says what a record of that kind holds; it can never be left out.
 *
 * @param {string} kind
 */
export function contentFile(kind) {
  return kind === CAPTURE ? META : RECORD;
}

/**
 * A path as it is named to people: without `data/`.
 *
 * @param {string} path
 */
export function shown(path) {
  return path.startsWith(DATA) ? path.slice(DATA.length) : path;
}
