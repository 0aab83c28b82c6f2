const REFUSED = "refused_";

/**
 * @param {string} key in `_locales`
 * @param {string[]} [values]
 * @returns {string} the text in the browser's language; the key when there is none
 */
export function words(key, values = []) {
  return chrome.i18n.getMessage(key, values) || key;
}

/**
 * A verdict in plain words; it never says who did it.
 * @param {{state: string, level?: string | null} | null} verdict
 */
export function stateWords(verdict) {
  if (!verdict) return words("state_none");
  const withLevel = verdict.level ? chrome.i18n.getMessage(`state_${verdict.state}_${verdict.level}`) : "";
  return withLevel || chrome.i18n.getMessage(`state_${verdict.state}`) || verdict.state;
}

/** A post in one line. @param {string | null} author @param {string} text */
export function quoted(author, text) {
  return author ? `${words("quote_author", [author])} ${text}`.trim() : text;
}

/**
 * What happened and what to do.
 * @param {{code: string, detail: string}} fault
 */
export function faultWords({ code, detail }) {
  const own = chrome.i18n.getMessage(`fault_${code}`, [detail]);
  if (own) return own;
  if (code.startsWith(REFUSED)) return refusalWords({ kind: code.slice(REFUSED.length), title: "", detail, status: 0 });
  return words("fault_unexpected", [`${code} ${detail}`.trim()]);
}

/**
 * Why a service did not accept something, and what to do: in our words for the reasons that are known,
 * else in the service's own.
 * @param {import("./outcome.js").Problem} problem
 */
export function refusalWords({ kind, title, detail, status }) {
  return ownRefusal(kind) || words("reason_refused", [detail || title || String(status)]);
}

/** @param {import("./outcome.js").Problem} problem what the service said, where it was told in our words; else empty */
export function saidWords({ kind, title, detail }) {
  return ownRefusal(kind) ? detail || title : "";
}

/** @param {string} [kind] */
function ownRefusal(kind) {
  return kind ? chrome.i18n.getMessage(`${REFUSED}${kind.replaceAll("-", "_")}`) : "";
}

/** @param {string} name of a missing part, for instance "screenshot:blank" */
export function missingWords(name) {
  return chrome.i18n.getMessage(`missing_${name.replace(":", "_")}`) || name;
}

/** @param {string | null | undefined} moment RFC 3339 @returns {string} local date and time */
export function when(moment) {
  if (!moment) return "";
  const form = new Intl.DateTimeFormat(chrome.i18n.getMessage("language"), { dateStyle: "medium", timeStyle: "short" });
  return form.format(new Date(moment));
}

/** @param {string} name a sighting or a reason: what one look said */
export function outcomeWords(name) {
  return chrome.i18n.getMessage(`saw_${name}`) || reasonWords(name);
}

/** @param {string} name why a look said nothing */
export function reasonWords(name) {
  return chrome.i18n.getMessage(`unclear_${name}`) || name;
}
