/** What a bundle that verified holds: post, verdict, pictures, looks. */
import { element, facts, folded, table } from "./dom.js";
import { momentText, say, verdictWords, wordFor } from "./words.js";

/**
 * @typedef {import("./gather.js").Contents} Contents
 * @typedef {import("./gather.js").Picture} Picture
 */

const LABELS = [["url", "Address of the page"], ["title", "Title of the page"], ["author", "Author as shown"]];
const SPANS = [["last_seen", "Last seen"], ["first_missing", "First missing"]];

/**
 * @param {Contents} contents
 * @returns {Node[]}
 */
export function contentNodes(contents) {
  const { fields, verdict, pictures, looks, morePictures } = contents;
  const text = fields.find(({ name }) => name === "text");
  const nodes = [element("h2", {}, say("What the bundle shows"))];
  if (text) nodes.push(element("blockquote", { class: "quote" }, text.value));
  nodes.push(...fieldNodes(fields.filter((field) => field !== text)));
  nodes.push(verdict ? verdictNode(verdict) : element("p", {}, say("No verdict is in the bundle.")));
  nodes.push(...pictureNodes(pictures));
  if (morePictures) nodes.push(element("p", { class: "meta" }, say("There are more pictures in the bundle.")));
  if (looks.length > 0) nodes.push(element("h2", {}, say("Looks and notices")), looksTable(looks));
  return nodes;
}

/** @param {import("./gather.js").Field[]} fields */
function fieldNodes(fields) {
  const known = LABELS.flatMap(([wanted, label]) => {
    const field = fields.find(({ name }) => name === wanted);
    return field ? [/** @type {[string, string]} */ ([say(label), field.value])] : [];
  });
  const others = fields.filter(({ name }) => !LABELS.some(([wanted]) => wanted === name));
  const rows = others.map(({ name, value }) => /** @type {[string, string]} */ ([name, value]));
  return [
    ...(known.length > 0 ? [facts(known)] : []),
    ...(rows.length > 0 ? [folded(say("Other fields ({count})", { count: rows.length }), facts(rows))] : []),
  ];
}

/** @param {Record<string, unknown>} verdict */
function verdictNode(verdict) {
  const { title, sentence, tone } = verdictWords(verdict);
  const spans = SPANS.filter(([name]) => typeof verdict[name] === "string");
  return element(
    "section",
    { class: `verdict tone-${/^[a-z]+$/.test(tone) ? tone : "quiet"}` },
    element("p", { class: "state" }, title),
    element("p", {}, sentence),
    ...(spans.length > 0 ? [facts(spans.map(([name, label]) => [say(label), momentText(verdict[name])]))] : []),
  );
}

/** @param {Picture[]} pictures */
function pictureNodes(pictures) {
  return pictures.map((picture, at) => {
    const label = picture.masked ? say("{name} (masked: grey is hidden)", { name: picture.name }) : picture.name;
    const image = element("img", { alt: label, decoding: "async" });
    const details = folded(label, element("div", { class: "evidence" }, image));
    const open = () => {
      if (details.hasAttribute("open") && !image.hasAttribute("src")) image.setAttribute("src", addressOf(picture));
    };
    details.addEventListener("toggle", open);
    if (at === 0) details.setAttribute("open", "");
    open();
    return details;
  });
}

/** The addresses that were made for pictures, so that they can be forgotten. */
const ADDRESSES = new Set();

/** @param {Picture} picture */
function addressOf({ blob }) {
  const address = URL.createObjectURL(blob);
  ADDRESSES.add(address);
  return address;
}

export function forgetPictures() {
  for (const address of ADDRESSES) URL.revokeObjectURL(address);
  ADDRESSES.clear();
}

/** @param {Record<string, unknown>[]} looks */
function looksTable(looks) {
  const heads = [say("When"), say("By whom"), say("What was seen")];
  const rows = looks.map((look) => [momentText(look.at), whoLooked(look), whatWasSeen(look)]);
  return table(say("Looks and notices"), heads, rows);
}

/** @param {Record<string, unknown>} look */
function whoLooked({ kind, vantage }) {
  if (kind === "notice") return say("a person told");
  const seen = /** @type {Record<string, unknown>} */ (Object(vantage));
  return seen.class === "public" ? say("public look") : say("the author's browser");
}

/** @param {Record<string, unknown>} look */
function whatWasSeen({ kind, notice, validity, sighting, reason }) {
  if (kind === "notice") return wordFor("notices", notice);
  if (validity === "valid") return wordFor("sightings", sighting);
  return element("span", { class: "tone-quiet" }, `${say("could not tell:")} ${wordFor("reasons", reason)}`);
}
