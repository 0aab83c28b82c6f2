import { startPicker } from "../lib/start.js";

/** The popup's button: puts the picker on the tab. @param {{tabId: number}} payload */
export async function captureStart({ tabId }) {
  await startPicker(tabId);
  return {};
}
