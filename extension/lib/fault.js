/**
 * Something that a person has to know about, by its code. The pages have a text for each code
 * (`fault_<code>` in `_locales`) that says what happened and what to do.
 */
export class Fault extends Error {
  /**
   * @param {string} code
   * @param {string} [detail] a figure or a name that the text has a place for; shown as plain text
   * @param {number} [wait] milliseconds that the other side asks to wait
   * @param {string} [said] the other side's own words, in its language
   */
  constructor(code, detail = "", wait = 0, said = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
    this.wait = wait;
    this.said = said;
  }
}

/**
 * @param {unknown} error
 * @returns {{code: string, detail: string}} what goes over the wire
 */
export function describe(error) {
  if (error instanceof Fault) return { code: error.code, detail: error.detail };
  return { code: "unexpected", detail: error instanceof Error ? error.message : String(error) };
}
