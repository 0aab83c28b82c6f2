/**
 * Every message, in one table.
 *
 * Pages and content scripts send `{name, payload}` to the background with `runtime.sendMessage`; the
 * answer is `{value}` or `{fault: {code, detail}}`. Each name has one file in `handlers/`.
 *
 * | name             | from | payload                          | answer                                  |
 * | ---------------- | ---- | -------------------------------- | --------------------------------------- |
 * | capture.start    | page | {tabId}                          | {} once the picker is on the page       |
 * | capture.begin    | tab  | {isHeld}                         | {id, isReviewed} of a new draft         |
 * | capture.frame    | tab  | {id, index, steps, rect, ratio}  | {index} of the stored picture           |
 * | capture.attach   | tab  | {id, index, data, source, alt}   | {index} of the stored picture           |
 * | capture.finish   | tab  | {id, reading, snapshot, ...}     | {id, state, missing}: it is kept        |
 * | capture.cancel   | tab  | {id}                             | {} and the draft is gone                |
 * | capture.state    | tab  | {id}                             | {state} of a kept capture               |
 * | picker.leave     | tab  | {}                               | {} the picker is off all frames         |
 * | masks.read       | page | {id}                             | a held capture, or one that was masked  |
 * | masks.apply      | page | {id, boxes, ...}                 | {missing}: masked, signed, waiting      |
 * | masks.discard    | page | {id}                             | {} and the held capture is gone         |
 * | masks.forget     | page | {id}                             | {} and the kept original is gone        |
 * | review.set       | page | {isOn}                           | {} captures are held for masks, or not  |
 * | status.read      | page | {}                               | what the popup shows                    |
 * | outbox.flush     | page | {}                               | {} after one attempt to send everything |
 * | outbox.retry     | page | {id}                             | {} a failed capture waits again         |
 * | outbox.remove    | page | {id}                             | {} a failed capture is deleted          |
 * | pairing.start    | page | {address}                        | {grant}: the code to compare            |
 * | pairing.poll     | page | {}                               | {service, grant} after asking once      |
 * | pairing.cancel   | page | {}                               | {}                                      |
 * | pairing.remove   | page | {origin?}                        | {}                                      |
 * | service.prefer   | page | {origin}                         | {} new captures go there                |
 * | watches.refresh  | page | {}                               | {} after asking the services            |
 * | watch.look       | page | {watch}                          | {isKept, look} after the service looked |
 * | watch.withdraw   | page | {watch} or {capture}             | {id} of the kept notice                 |
 * | watch.reasons    | page | {watch} or {capture}, {text, picture?} | {id} of the kept notice                 |
 * | watch.retract    | page | {id} of what was told            | {id} of the kept notice                 |
 * | action.retry     | page | {id}                             | {} what was refused waits again         |
 * | action.remove    | page | {id}                             | {} it is taken back, not sent           |
 * | site.set         | page | {origin, isOn}                   | {} own looks there, or none             |
 * | button.state     | page | {tabId}                          | {site}: known there, button on or off   |
 * | button.set       | page | {origin, isOn, tabId?}           | {} a button at each post, or none       |
 * | button.press     | tab  | {}                               | {} the chosen post is being taken       |
 * | site.data        | tab  | {}                               | the adapters                            |
 * | page.passed      | tab  | {}                               | {} after a look, if one was due         |
 *
 * `page` is a page of this extension, `tab` a content script that a person's click put on a
 * page, or, for `page.passed` and the button, that stands on a site that the person allowed.
 *
 * @typedef {"page" | "tab"} From
 */

/** @type {Readonly<Record<string, From>>} who may send what; the router refuses everything else */
export const SENDERS = Object.freeze({
  "capture.start": "page",
  "capture.begin": "tab",
  "capture.frame": "tab",
  "capture.attach": "tab",
  "capture.finish": "tab",
  "capture.cancel": "tab",
  "capture.state": "tab",
  "picker.leave": "tab",
  "masks.read": "page",
  "masks.apply": "page",
  "masks.discard": "page",
  "masks.forget": "page",
  "review.set": "page",
  "status.read": "page",
  "outbox.flush": "page",
  "outbox.retry": "page",
  "outbox.remove": "page",
  "pairing.start": "page",
  "pairing.poll": "page",
  "pairing.cancel": "page",
  "pairing.remove": "page",
  "service.prefer": "page",
  "watches.refresh": "page",
  "watch.look": "page",
  "watch.withdraw": "page",
  "watch.reasons": "page",
  "watch.retract": "page",
  "action.retry": "page",
  "action.remove": "page",
  "site.set": "page",
  "button.state": "page",
  "button.set": "page",
  "button.press": "tab",
  "site.data": "tab",
  "page.passed": "tab",
});

/**
 * Whether the sender is what the table asks for. A content script runs in our name too, so the
 * address tells the two apart, not the extension's id. It may stand in a frame of the page's origin.
 * @param {string} name
 * @param {chrome.runtime.MessageSender} sender
 */
export function allowed(name, sender) {
  if (sender.id !== chrome.runtime.id) return false;
  const own = (sender.url ?? "").startsWith(chrome.runtime.getURL(""));
  if (SENDERS[name] === "page") return own;
  return SENDERS[name] === "tab" && !own && sender.tab?.id !== undefined;
}
