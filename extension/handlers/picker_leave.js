/**
 * Takes the picker off all frames of a tab, because one of them was used or left. Awaited before a
 * picture is taken, so that none of their marks is in it.
 * @param {object} _payload
 * @param {chrome.runtime.MessageSender} sender
 */
export async function pickerLeave(_payload, sender) {
  const tabId = sender.tab?.id;
  if (tabId !== undefined) await chrome.scripting.executeScript({ target: { tabId, allFrames: true }, func: endPicking });
  return {};
}

/** Runs on the page, beside its picker. */
function endPicking() {
  /** @type {any} */ (globalThis).RaturePage?.endPicking?.();
}
