/** Elements made of text alone: nothing that a bundle holds is ever read as markup. */

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes] with names that are literals in the caller's code
 * @param {(Node | string)[]} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * A list of names and what they mean, as the site's pages have them.
 *
 * @param {[string, Node | string][]} rows
 */
export function facts(rows) {
  const cells = rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
  return element("dl", { class: "facts" }, ...cells);
}

/**
 * @param {string} label what the table holds
 * @param {string[]} heads
 * @param {(Node | string)[][]} rows
 */
export function table(label, heads, rows) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))));
  const whole = element("table", { class: "striped" }, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "looks", role: "region", tabindex: "0", "aria-label": label }, whole);
}

/**
 * @param {string} summary
 * @param {(Node | string)[]} children
 */
export function folded(summary, ...children) {
  return element("details", {}, element("summary", {}, summary), ...children);
}

/** @param {(Node | string)[]} items */
export function list(items) {
  return element("ul", {}, ...items.map((item) => element("li", {}, item)));
}
