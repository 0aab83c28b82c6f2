/** What the page shows of a bundle that verified: taken from files that a statement lists alone. */
import { fromUtf8 } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { CAPTURE, DATA, LOOK, shown, VISIT } from "./layout.js";
import { isPng } from "./png.js";
import { lastVerdict, looksOf } from "./records.js";

/**
 * @typedef {import("./verification.js").Result} Result
 *
 * @typedef {object} Picture
 * @property {string} name its path below `data/`
 * @property {boolean} masked
 * @property {Blob} blob
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {string} value
 *
 * @typedef {object} Contents
 * @property {Field[]} fields of the main record
 * @property {Record<string, unknown>[]} looks observations and notices, by their place in the log
 * @property {Record<string, unknown> | null} verdict
 * @property {Picture[]} pictures those of the main record first
 * @property {boolean} morePictures there are more than are shown
 */

const MOST_PICTURES = 40;
const MOST_BYTES = 2 ** 27;
const MOST_TEXT = 20_000;
const PICTURE = /^(.+)\/(?:original\.(?:png|jpg|webp)|masked\.png)$/;
const KINDS = [CAPTURE, VISIT, LOOK];

/**
 * @param {Result} result of a bundle that is valid
 * @returns {Promise<Contents>}
 */
export async function contentsOf({ reader, records, report }) {
  if (!reader) throw new TypeError("a bundle that did not verify is not shown");
  const names = picturesOf(records, reader.names, report);
  return {
    fields: await fieldsOf(reader),
    looks: looksOf(records).map(({ content }) => content),
    verdict: lastVerdict(records)?.content ?? null,
    ...(await readPictures(reader, names)),
  };
}

/**
 * As many as a page can hold.
 *
 * @param {import("./zip.js").ZipReader} reader
 * @param {readonly string[]} names
 */
async function readPictures(reader, names) {
  /** @type {Picture[]} */
  const pictures = [];
  let bytes = 0;
  for (const name of names) {
    bytes += reader.sizeOf(name);
    if (pictures.length < MOST_PICTURES && bytes <= MOST_BYTES) pictures.push(await readPicture(reader, name));
  }
  return { pictures, morePictures: pictures.length < names.length };
}

/** @param {import("./zip.js").ZipReader} reader */
async function fieldsOf(reader) {
  const paths = reader.names.filter((name) => /^data\/fields\/[^/]+\.json$/.test(name));
  const fields = [];
  for (const path of paths) {
    const field = parseCanonical(fromUtf8(await reader.read(path)) ?? "");
    if (typeof field?.name !== "string") continue;
    const { value } = field;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    fields.push({ name: field.name, value: text.slice(0, MOST_TEXT) });
  }
  return fields;
}

/**
 * Pictures of the main record, then of the others by their place in the log; a masked one stands for
 * its original.
 *
 * @param {readonly import("./records.js").Logged[]} records
 * @param {readonly string[]} names
 * @param {import("./report.js").Report} report
 */
function picturesOf(records, names, report) {
  const made = new Set(report.export?.files);
  const folders = records
    .filter(({ kind }) => KINDS.includes(kind))
    .map(({ subject }) => DATA + subject.slice(0, subject.lastIndexOf("/") + 1));
  const sound = names.filter((name) => !name.endsWith("/masked.png") || made.has(shown(name)));
  return folders.flatMap((folder) => sound.filter((name) => belongs(name, folder)));
}

/**
 * @param {string} name
 * @param {string} folder
 */
function belongs(name, folder) {
  const inside = name.startsWith(folder) ? name.slice(folder.length) : "";
  return PICTURE.test(inside) && !inside.startsWith("records/");
}

/**
 * @param {import("./zip.js").ZipReader} reader
 * @param {string} name
 * @returns {Promise<Picture>}
 */
async function readPicture(reader, name) {
  const data = await reader.read(name);
  const type = isPng(data) ? "image/png" : name.endsWith(".webp") ? "image/webp" : "image/jpeg";
  return { name: shown(name), masked: name.endsWith("/masked.png"), blob: new Blob([data], { type }) };
}
