/**
 * The two ways in which a check ends badly.
 *
 * Each carries its sentence in English with `{names}` for its values, so that the page can say it in
 * the visitor's language.
 *
 * @typedef {Record<string, string | number | bigint>} Values
 */

/**
 * A sentence with its values put in.
 *
 * @param {string} text
 * @param {Values} values
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The file is no bundle at all. */
export class NotABundle extends Error {
  /**
   * @param {string} text
   * @param {Values} [values]
   */
  constructor(text, values = {}) {
    super(filled(text, values));
    this.name = "NotABundle";
    this.text = text;
    this.values = values;
  }
}

/** A file or proof that does not hold. `subject` names it: a path below `data/`, or what it is. */
export class ProofInvalid extends Error {
  /**
   * @param {string} subject
   * @param {string} text
   * @param {Values} [values]
   */
  constructor(subject, text, values = {}) {
    super(`${subject}: ${filled(text, values)}`);
    this.name = "ProofInvalid";
    this.subject = subject;
    this.text = text;
    this.values = values;
  }

  /**
   * The same fault, said of the file in which it was found.
   *
   * @param {string} subject
   */
  about(subject) {
    return new ProofInvalid(subject, this.text, this.values);
  }
}

/**
 * Does something, and says what fails in it of the file that it was done with.
 *
 * @template T
 * @param {string} subject
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 * @throws {ProofInvalid}
 */
export async function within(subject, work) {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ProofInvalid ? error.about(subject) : error;
  }
}
