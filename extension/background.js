/**
 * The background: connects the browser's events with what the extension does. It keeps no state;
 * the browser may stop it at any time and starts it again for the next event.
 */

import { actionRemove } from "./handlers/action_remove.js";
import { actionRetry } from "./handlers/action_retry.js";
import { buttonPress } from "./handlers/button_press.js";
import { buttonSet } from "./handlers/button_set.js";
import { buttonState } from "./handlers/button_state.js";
import { captureAttach } from "./handlers/capture_attach.js";
import { captureBegin } from "./handlers/capture_begin.js";
import { captureCancel } from "./handlers/capture_cancel.js";
import { captureFinish } from "./handlers/capture_finish.js";
import { captureFrame } from "./handlers/capture_frame.js";
import { captureStart } from "./handlers/capture_start.js";
import { captureState } from "./handlers/capture_state.js";
import { masksApply } from "./handlers/masks_apply.js";
import { masksDiscard } from "./handlers/masks_discard.js";
import { masksForget } from "./handlers/masks_forget.js";
import { masksRead } from "./handlers/masks_read.js";
import { outboxFlush } from "./handlers/outbox_flush.js";
import { outboxRemove } from "./handlers/outbox_remove.js";
import { outboxRetry } from "./handlers/outbox_retry.js";
import { pagePassed } from "./handlers/page_passed.js";
import { pairingCancel } from "./handlers/pairing_cancel.js";
import { pairingPoll } from "./handlers/pairing_poll.js";
import { pairingRemove } from "./handlers/pairing_remove.js";
import { pairingStart } from "./handlers/pairing_start.js";
import { pickerLeave } from "./handlers/picker_leave.js";
import { reviewSet } from "./handlers/review_set.js";
import { servicePrefer } from "./handlers/service_prefer.js";
import { siteData } from "./handlers/site_data.js";
import { siteSet } from "./handlers/site_set.js";
import { statusRead } from "./handlers/status_read.js";
import { watchLook } from "./handlers/watch_look.js";
import { watchReasons } from "./handlers/watch_reasons.js";
import { watchRetract } from "./handlers/watch_retract.js";
import { watchWithdraw } from "./handlers/watch_withdraw.js";
import { watchesRefresh } from "./handlers/watches_refresh.js";
import { updateBadge } from "./lib/badge.js";
import { registerButtons, renewButtons } from "./lib/buttons.js";
import { forgetAbandoned } from "./lib/draft.js";
import { describe, Fault } from "./lib/fault.js";
import { noticeLostSites, registerPassing, renewPassing } from "./lib/own_sites.js";
import { afterPairing, tryRefresh } from "./lib/paired.js";
import { pollPairing } from "./lib/pairing.js";
import { drain } from "./lib/sender.js";
import { startFromGesture } from "./lib/start.js";
import { lookIfDue } from "./lib/vantage.js";
import { keepWatching, openNotified } from "./lib/watches.js";
import { allowed } from "./messages.js";

/** @type {Readonly<Record<string, (payload: any, sender: chrome.runtime.MessageSender) => Promise<object>>>} */
const HANDLERS = Object.freeze({
  "capture.start": captureStart,
  "capture.begin": captureBegin,
  "capture.frame": captureFrame,
  "capture.attach": captureAttach,
  "capture.finish": captureFinish,
  "capture.cancel": captureCancel,
  "capture.state": captureState,
  "picker.leave": pickerLeave,
  "masks.read": masksRead,
  "masks.apply": masksApply,
  "masks.discard": masksDiscard,
  "masks.forget": masksForget,
  "review.set": reviewSet,
  "status.read": statusRead,
  "outbox.flush": outboxFlush,
  "outbox.retry": outboxRetry,
  "outbox.remove": outboxRemove,
  "pairing.start": pairingStart,
  "pairing.poll": pairingPoll,
  "pairing.cancel": pairingCancel,
  "pairing.remove": pairingRemove,
  "service.prefer": servicePrefer,
  "watches.refresh": watchesRefresh,
  "watch.look": watchLook,
  "watch.withdraw": watchWithdraw,
  "watch.reasons": watchReasons,
  "watch.retract": watchRetract,
  "action.retry": actionRetry,
  "action.remove": actionRemove,
  "site.set": siteSet,
  "button.state": buttonState,
  "button.set": buttonSet,
  "button.press": buttonPress,
  "site.data": siteData,
  "page.passed": pagePassed,
});

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const ALARMS = Object.freeze({
  outbox: () => drain(),
  watches: tryRefresh,
  looks: async () => {
    if (await lookIfDue()) await tryRefresh();
  },
  pairing: async () => {
    if (await pollPairing()) await afterPairing();
  },
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  void answer(message, sender).then(respond);
  return true;
});

/**
 * @param {{name: string, payload: object}} message
 * @param {chrome.runtime.MessageSender} sender
 */
async function answer({ name, payload }, sender) {
  try {
    if (!Object.hasOwn(HANDLERS, name) || !allowed(name, sender)) throw new Fault("message_refused", name);
    return { value: await HANDLERS[name](payload ?? {}, sender) };
  } catch (error) {
    return { fault: describe(error) };
  }
}

chrome.alarms.onAlarm.addListener((alarm) => void ALARMS[alarm.name]?.());
chrome.commands.onCommand.addListener((name, tab) => void (name === "capture" && startFromGesture(tab)));
chrome.contextMenus.onClicked.addListener((_info, tab) => void startFromGesture(tab));
chrome.notifications.onClicked.addListener((id) => void openNotified(id));
// The prompt may close the page that asked: what waits goes on from here.
chrome.permissions.onAdded.addListener(() => void drain({ force: true }));
chrome.permissions.onAdded.addListener(() => void registerButtons());
chrome.permissions.onRemoved.addListener(() => void noticeLostSites());
chrome.permissions.onRemoved.addListener(() => void registerButtons());
chrome.runtime.onStartup.addListener(() => void wake());
chrome.runtime.onInstalled.addListener(() => void install());

/** The browser has started: goes on with whatever was left. */
async function wake() {
  await forgetAbandoned();
  await updateBadge();
  await keepWatching();
  await ALARMS.pairing();
  await drain({ force: true });
}

async function install() {
  await chrome.contextMenus.removeAll();
  chrome.contextMenus.create({
    id: "capture",
    title: chrome.i18n.getMessage("menu_capture"),
    contexts: ["page", "selection", "link", "image", "video"],
    documentUrlPatterns: ["http://*/*", "https://*/*"],
  });
  await registerPassing();
  await registerButtons();
  await renewPassing();
  await renewButtons();
  await wake();
}
