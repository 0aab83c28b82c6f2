import { actions, isTold } from "./actions.js";
import { captures } from "./outbox.js";

const AMBER = "#8a5a00";
const RED = "#b3261e";

/** The badge counts what the service does not have yet; it is red when something needs the person. */
export async function updateBadge() {
  const rows = [...(await captures()), ...(await actions()).filter(isTold)];
  const failed = rows.filter((row) => row.state === "failed" || row.state === "held").length;
  const waiting = rows.filter((row) => row.state === "waiting").length + failed;
  await chrome.action.setBadgeBackgroundColor({ color: failed > 0 ? RED : AMBER });
  await chrome.action.setBadgeText({ text: waiting > 0 ? String(waiting) : "" });
}

/** @param {number} step @param {number} steps shown while a tall post is pictured */
export async function showProgress(step, steps) {
  await chrome.action.setBadgeBackgroundColor({ color: AMBER });
  await chrome.action.setBadgeText({ text: `${step}/${steps}` });
}
