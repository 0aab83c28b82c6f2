import { attachmentParts, FIRST_ATTACHMENT } from "./attachments.js";
import { sha256Hex, utf8 } from "./bytes.js";
import { transact } from "./db.js";
import { LONGEST_TEXT } from "./manifest.js";
import { framesOf, keep } from "./outbox.js";
import { seal } from "./seal.js";
import { cut, isBlankPicture, plan as planOf } from "./stitch.js";

/**
 * @typedef {object} Material what a page's scripts hand in
 * @property {import("./manifest.js").Reading} reading
 * @property {import("./manifest.js").PageFacts} page
 * @property {string | null} snapshot HTML
 * @property {boolean} isPostOnly
 * @property {{index: number, geometry: import("./stitch.js").Geometry}[]} crop
 * @property {boolean} isSteady the post did not move or grow while it was pictured
 * @property {import("./stitch.js").Geometry | null} around how the page stood in the window's picture
 * @property {boolean} isSame the post says after its pictures what was read before them
 * @property {number} lines of the post's text
 * @property {number} seen of these, how many its pictures show
 * @property {string[]} lost why pictures of the post's own are missing: `tainted`, `large`, `late`
 * @property {import("./manifest.js").ThreadEntry[]} thread
 * @property {import("./redaction.js").WordBox[]} words where they stand in the picture, if it will be masked
 * @property {import("./redaction.js").WordBox[]} wordsAround where those of the page stand in the picture of the window
 *
 * @typedef {object} Made the parts so far, what each came from, and what is missing
 * @property {import("./outbox.js").Part[]} parts
 * @property {import("./manifest.js").Transformation[]} transformations
 * @property {string[]} missing
 * @property {{x: number, y: number} | null} inContext where the post's picture begins in that of the window
 */

/**
 * Turns a draft into a kept capture: pictures cut, files hashed, manifest signed, all on disk. One
 * that the person wants to mask is kept unsigned, and nothing of it is sent until that is done.
 * @param {import("./draft.js").Draft} draft
 * @param {Material} material
 * @returns {Promise<{id: string, state: import("./outbox.js").CaptureState, completeness: string, missing: string[]}>}
 */
export async function finish(draft, material) {
  const frames = await transact(["frames"], "readonly", (stores) => stores.frames.getAll(framesOf(draft.id)));
  const own = frames.filter((frame) => frame.index >= FIRST_ATTACHMENT);
  /** @type {Map<number, Uint8Array<ArrayBuffer>>} */
  const pictures = new Map(frames.map((frame) => [frame.index, frame.png]));
  /** @type {Made} */
  const made = { parts: [], transformations: [], missing: [], inContext: null };
  await addCrop(made, pictures, material);
  await addContext(made, pictures, material);
  await addSnapshot(made, material);
  made.parts.push(...attachmentParts(own));
  made.missing.push(...material.lost.map((why) => `attachment:${why}`));
  checkText(made, material);
  const facts = factsOf(draft, material, made);
  const isHeld = draft.isReviewed && made.parts.some((part) => part.role === "screenshot");
  const row = newRow(draft, material.reading, made.missing, isHeld ? "held" : "waiting");
  const held = { words: material.words, wordsAround: material.wordsAround, inContext: made.inContext };
  const parcel = isHeld ? { id: draft.id, manifest: "", signature: "", parts: made.parts, facts, held } : await seal(facts, made.parts);
  await keep(row, parcel);
  return { id: row.id, state: row.state, completeness: row.completeness, missing: row.missing };
}

/** @param {Made} made @param {Map<number, Uint8Array<ArrayBuffer>>} pictures @param {Material} material */
async function addCrop(made, pictures, { crop, isSteady, lines, seen }) {
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
  if (!isWhole) made.missing.push("screenshot:cut");
  if (!isSteady) made.missing.push("screenshot:moved");
  if (seen < lines && !isBlank) made.missing.push("screenshot:text");
}

/** @param {import("./stitch.js").Plan} plan @returns {string} in device pixels, one piece after the other */
function pieceWords(plan) {
  const pieces = plan.pieces.map((piece) => `${piece.width}x${piece.height}+${piece.fromX}+${piece.fromY} to ${piece.toY}`);
  return `pictures of the window cut and joined, in device pixels: ${pieces.join("; ")}`.slice(0, 2000);
}

/** @param {Made} made @param {Map<number, Uint8Array<ArrayBuffer>>} pictures @param {Material} material */
async function addContext(made, pictures, { around }) {
  const data = pictures.get(0);
  if (!data) return void made.missing.push("context_screenshot");
  made.parts.push({ name: "context_screenshot.png", media_type: "image/png", role: "context_screenshot", data });
  const { isBlank, width } = await isBlankPicture(data);
  if (isBlank) made.missing.push("context_screenshot:blank");
  const [piece] = around ? planOf([around], [width]).pieces : [];
  if (piece) made.inContext = { x: piece.fromX, y: piece.fromY - piece.toY };
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
    detail: "the page's DOM as shown; scripts, event attributes, frames, and typed input left out; style sheets and the post's pictures inlined",
  });
  if (isPostOnly) made.missing.push("snapshot:post_only");
}

/** @param {Made} made @param {Material} material */
function checkText(made, { reading, isSame }) {
  if (reading.isSubstitute) made.missing.push("text");
  if (reading.text.length > LONGEST_TEXT) made.missing.push("text:cut");
  if (!isSame) made.missing.push("text:changed");
}

/**
 * @param {import("./draft.js").Draft} draft @param {Material} material @param {Made} made
 * @returns {import("./seal.js").SealFacts} what the manifest says besides the files
 */
function factsOf(draft, material, { transformations, missing }) {
  return {
    id: draft.id,
    startedAt: draft.started_at,
    finishedAt: new Date(Math.max(Date.now(), Date.parse(draft.started_at))).toISOString(),
    page: { ...material.page, url: draft.url, frame: draft.frame_url ?? null },
    reading: material.reading,
    thread: material.thread,
    transformations,
    missing,
    options: {
      pictures: String(material.crop.length),
      text: material.reading.isSubstitute ? "description" : "verbatim",
      ...(material.page.adapter ? { site: String(material.page.adapter) } : {}),
    },
    masks: [],
    maskedFields: [],
  };
}

/**
 * @param {import("./draft.js").Draft} draft
 * @param {import("./manifest.js").Reading} reading
 * @param {string[]} missing
 * @param {"held" | "waiting"} state
 * @returns {import("./outbox.js").CaptureRow}
 */
function newRow(draft, reading, missing, state) {
  return {
    id: draft.id,
    state,
    created_at: draft.started_at,
    attempts: 0,
    next_attempt_at: 0,
    problem: null,
    origin: null,
    answer: null,
    receipt: null,
    preview: { text: reading.text.slice(0, 200), author: reading.author, url: draft.url },
    completeness: missing.length > 0 ? "PARTIAL" : "COMPLETE",
    missing,
  };
}
