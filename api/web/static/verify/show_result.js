/** What was found, in words. */
import { element, facts, folded, list, table } from "./dom.js";
import { momentText, say } from "./words.js";

/**
 * @typedef {import("./report.js").Report} Report
 * @typedef {import("./trust.js").Grade} Grade
 */

/** @type {Record<Grade, string>} */
const WORTH = {
  independent: "independent: it leads to a root that you brought",
  unconfirmed: "unconfirmed: it leads to a root that only the bundle brought",
  local: "by the service's own authority: it proves order, not time",
};

const ORDER_ALONE =
  "The hour: its time stamps are the service's own and prove the order of things alone.";
const UNKNOWN_AUTHORITY =
  "The hour to somebody who does not know the time authority: compare its root with one that you obtain elsewhere.";
const KEY_CAME_ALONG =
  "That it is the log of the service that you think of: the log's key came with the bundle. Compare it: {key}";
const NO_OWN_WITNESS =
  "That nobody was shown another log: no witness whose key you brought has signed it.";
const NOT_COMPARED =
  "{path} was not compared with the original picture: browsers do not decode this form exactly. “rature verify” compares it.";
const BLOCK_TO_LOOK_UP =
  "What the Bitcoin chain says: look up whether block {height} has the Merkle root {root}.";

/**
 * @param {Report} report
 * @returns {Node[]}
 */
export function invalidNodes({ failure }) {
  const { subject, text, values } = failure ?? { subject: "", text: "", values: {} };
  return [
    element("p", {}, element("strong", {}, say("The first thing that fails:"))),
    facts([[subject, say(text, values)]]),
    element("p", {}, say("Do not rely on this bundle. Nothing of what it holds is shown here.")),
  ];
}

/**
 * @param {Report} report
 * @returns {Node[]}
 */
export function validNodes(report) {
  const { times, checks, withheld } = report;
  const left = say("Withheld: listed, and left out of the bundle ({count})", { count: withheld.length });
  return [
    summary(report),
    folded(say("Time stamps ({count})", { count: times.length }), timesTable(report)),
    folded(say("What was checked ({count})", { count: checks.length }), checksTable(report)),
    ...(withheld.length > 0 ? [folded(left, list(withheld))] : []),
    element("h2", {}, say("What this does not prove")),
    list(limits(report)),
  ];
}

/** @param {Report} report */
function summary(report) {
  const isCapture = report.kind === "capture";
  const place = { leaf: report.leaf_index ?? 0, size: report.tree_size ?? 0 };
  /** @type {[string, Node | string][]} */
  const rows = [
    [say("Around"), say(isCapture ? "a capture by a contributor" : "a look of the checker: nobody captured the post")],
    [say("Existed by"), mainTime(report)],
    [say("Place in the log"), say("leaf {leaf} of {size}", place)],
  ];
  const seen = report.cosignatures.filter(({ subject }) => !subject.includes("/"));
  for (const { witness, at, trusted } of seen) {
    const text = trusted ? "{at}, with the key that you brought" : "{at}, with a key that only the bundle brought";
    rows.push([say("Witness {name}", { name: witness }), say(text, { at: momentText(at) })]);
  }
  if (report.export) rows.push([say("Exported"), momentText(report.export.at)]);
  for (const { picture, visible, hidden } of report.masks) {
    rows.push([picture, say("{visible} tiles visible and proven, {hidden} hidden", { visible, hidden })]);
  }
  if (report.erased.length > 0) rows.push([say("Erased records"), report.erased.join(", ")]);
  return facts(rows);
}

/** The main record's best time. @param {Report} report */
function mainTime({ times, time_grade }) {
  const best = times.find(({ subject, grade }) => !subject.includes("/") && grade === time_grade);
  return best ? `${momentText(best.at)} (${say(WORTH[best.grade])})` : "–";
}

/** @param {Report} report */
function timesTable({ times }) {
  const heads = [say("What"), say("Existed by"), say("Authority"), say("Worth")];
  const rows = times.map(({ subject, at, authority, grade }) => {
    return [subject, momentText(at), authority, say(WORTH[grade])];
  });
  return table(say("Time stamps"), heads, rows);
}

/** @param {Report} report */
function checksTable({ checks }) {
  const rows = checks.map(({ subject, outcome, text, values }) => {
    const mark = outcome === "ok" ? say("holds") : say("not checked here");
    return [subject, mark, say(text, values)];
  });
  return table(say("What was checked"), [say("What"), say("Outcome"), say("Detail")], rows);
}

/** @param {Report} report */
function limits(report) {
  const found = [say("Who removed a post, or why.")];
  if (report.time_grade === "local") found.push(say(ORDER_ALONE));
  if (report.time_grade === "unconfirmed") found.push(say(UNKNOWN_AUTHORITY));
  if (report.log_key_from_bundle_only) found.push(say(KEY_CAME_ALONG, { key: report.log_key ?? "" }));
  if (report.witness_keys_from_bundle_only) found.push(say(NO_OWN_WITNESS));
  found.push(say("That nothing was recorded afterwards: a bundle is as of its export."));
  for (const path of report.not_compared) found.push(say(NOT_COMPARED, { path }));
  for (const { height, merkle_root: root } of report.calendars.flatMap(({ blocks }) => blocks)) {
    found.push(say(BLOCK_TO_LOOK_UP, { height, root }));
  }
  return found;
}
