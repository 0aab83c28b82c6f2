import { hasButton } from "../lib/buttons.js";
import { Fault } from "../lib/fault.js";
import { canPicture } from "../lib/picture.js";
import { startPicker } from "../lib/start.js";

/**
 * A person pressed the button at a post: the picker comes and takes that post.
 * @param {object} _payload
 * @param {chrome.runtime.MessageSender} sender
 * @throws {Fault} `picture_gesture`, or `picture_call` where no shortcut is set: the browser pictures this tab only after the extension's own
 *   button or shortcut; the post stays chosen until then
 */
export async function buttonPress(_payload, sender) {
  const tabId = Number(sender.tab?.id);
  if (!(await hasButton(new URL(sender.url ?? "").origin))) throw new Fault("permission_missing", new URL(sender.url ?? "").origin);
  if (!(await canPicture(tabId))) {
    const shortcut = (await chrome.commands.getAll()).find(({ name }) => name === "capture")?.shortcut;
    throw shortcut ? new Fault("picture_gesture", shortcut) : new Fault("picture_call");
  }
  await startPicker(tabId);
  return {};
}
