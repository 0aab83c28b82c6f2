import { clockOffset } from "./about.js";
import { sha256Hex, utf8 } from "./bytes.js";
import { transact } from "./db.js";
import { environment } from "./environment.js";
import { sign } from "./keys.js";
import { LONGEST_TEXT, renderManifest } from "./manifest.js";
import { framesOf, keep } from "./outbox.js";
import { cut, isBlankPicture } from "./stitch.js";

/**
 * @typedef {object} Material what a page's scripts hand in
 * @property {import("./manifest.js").Reading} reading
 * @property {import("./manifest.js").PageFacts} page
 * @property {string | null} snapshot HTML
 * @property {boolean} isPostOnly
 * @property {{index: number, geometry: import("./stitch.js").Geometry}[]} crop
 * @property {boolean} isSteady the post's height did not change while it was pictured
 *
 * @typedef {object} Made the parts so far, what each came from, and what is missing
 * @property {import("./outbox.js").Part[]} parts
 * @property {import("./manifest.js").Transformation[]} transformations
 * @property {string[]} missing
 */

/**
 * Turns a draft into a kept capture: pictures cut, files hashed, manifest signed, all on disk.
 * @param {import("./draft.js").Draft} draft
 * @param {Material} material
 * @returns {Promise<{id: string, completeness: string, missing: string[]}>}
 */
export async function finish(draft, material) {
  const frames = await transact(["frames"], "readonly", (stores) => stores.frames.getAll(framesOf(draft.id)));
  /** @type {Map<number, Uint8Array<ArrayBuffer>>} */
  const pictures = new Map(frames.map((frame) => [frame.index, frame.png]));
  /** @type {Made} */
  const made = { parts: [], transformations: [], missing: [] };
  await addCrop(made, pictures, material);
  await addContext(made, pictures);
  await addSnapshot(made, material);
  checkText(made, material.reading);
  return seal(draft, material, made);
}

/** @param {Made} made @param {Map<number, Uint8Array<ArrayBuffer>>} pictures @param {Material} material */
async function addCrop(made, pictures, { crop, isSteady }) {
  const used = crop.map(({ index }) => pictures.get(index)).filter((picture) => picture !== undefined);
  if (used.length === 0 || used.length !== crop.length) return void made.missing.push("screenshot");
  const { png, isWhole, isBlank, plan } = await cut(used, crop.map(({ geometry }) => geometry));
  made.parts.push({ name: "screenshot.png", media_type: "image/png", role: "screenshot", data: png });
  made.transformations.push({
    name: used.length > 1 ? "stitch" : "crop",
    input_sha256: await Promise.all(used.map(sha256Hex)),
    output_sha256: await sha256Hex(png),
    detail: pieceWords(plan),
  });
  if (isBlank) made.missing.push("screenshot:blank");
  if (!isWhole || !isSteady) made.missing.push("screenshot:cut");
}

/** @param {import("./stitch.js").Plan} plan @returns {string} in device pixels, one piece after the other */
function pieceWords(plan) {
  const pieces = plan.pieces.map((piece) => `${piece.width}x${piece.height}+${piece.fromX}+${piece.fromY} to ${piece.toY}`);
  return `pictures of the window cut and joined, in device pixels: ${pieces.join("; ")}`.slice(0, 2000);
}

/** @param {Made} made @param {Map<number, Uint8Array<ArrayBuffer>>} pictures */
async function addContext(made, pictures) {
  const data = pictures.get(0);
  if (!data) return void made.missing.push("context_screenshot");
  made.parts.push({ name: "context_screenshot.png", media_type: "image/png", role: "context_screenshot", data });
  if (await isBlankPicture(data)) made.missing.push("context_screenshot:blank");
}

/** @param {Made} made @param {Material} material */
async function addSnapshot(made, { snapshot, isPostOnly }) {
  if (!snapshot) return void made.missing.push("snapshot");
  const data = utf8(snapshot);
  made.parts.push({ name: "snapshot.html", media_type: "text/html", role: "snapshot", data });
  made.transformations.push({
    name: "snapshot",
    input_sha256: [],
    output_sha256: await sha256Hex(data),
    detail: "the page's DOM as shown; scripts, event attributes, frames, and typed input left out; style sheets inlined",
  });
  if (isPostOnly) made.missing.push("snapshot:post_only");
}

/** @param {Made} made @param {import("./manifest.js").Reading} reading */
function checkText(made, reading) {
  if (reading.isSubstitute) made.missing.push("text");
  if (reading.text.length > LONGEST_TEXT) made.missing.push("text:cut");
}

/** @param {import("./draft.js").Draft} draft @param {Material} material @param {Made} made */
async function seal(draft, material, { parts, transformations, missing }) {
  const manifest = renderManifest({
    id: draft.id,
    startedAt: draft.started_at,
    finishedAt: new Date(Math.max(Date.now(), Date.parse(draft.started_at))).toISOString(),
    clockOffset: await clockOffset(),
    page: { ...material.page, url: draft.url },
    reading: material.reading,
    files: await Promise.all(parts.map(fileFacts)),
    transformations,
    missing,
    environment: await environment(),
    options: { pictures: String(material.crop.length), text: material.reading.isSubstitute ? "description" : "verbatim" },
  });
  const signature = JSON.stringify(await sign(utf8(manifest)));
  const completeness = missing.length > 0 ? "PARTIAL" : "COMPLETE";
  await keep(newRow(draft, material.reading, completeness, missing), { id: draft.id, manifest, signature, parts });
  return { id: draft.id, completeness, missing };
}

/** @param {import("./outbox.js").Part} part @returns {Promise<import("./manifest.js").FileFacts>} */
async function fileFacts({ name, media_type, role, data }) {
  const kind = /** @type {import("./manifest.js").FileFacts["role"]} */ (role);
  return { name, media_type, role: kind, size: data.length, sha256: await sha256Hex(data) };
}

/**
 * @param {import("./draft.js").Draft} draft
 * @param {import("./manifest.js").Reading} reading
 * @param {"COMPLETE" | "PARTIAL"} completeness
 * @param {string[]} missing
 * @returns {import("./outbox.js").CaptureRow}
 */
function newRow(draft, reading, completeness, missing) {
  return {
    id: draft.id,
    state: "waiting",
    created_at: draft.started_at,
    attempts: 0,
    next_attempt_at: 0,
    problem: null,
    origin: null,
    answer: null,
    receipt: null,
    preview: { text: reading.text.slice(0, 200), author: reading.author, url: draft.url },
    completeness,
    missing,
  };
}
