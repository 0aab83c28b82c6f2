/** The bytes of a file: held in memory when there are few, otherwise read where they are needed. */

const SMALL = 2 ** 26;

export class Source {
  /**
   * @param {Blob} file
   * @param {Uint8Array<ArrayBuffer> | null} whole
   */
  constructor(file, whole) {
    this.file = file;
    this.whole = whole;
  }

  /** @param {Blob} file */
  static async open(file) {
    const small = file.size <= SMALL;
    return new Source(file, small ? new Uint8Array(await file.arrayBuffer()) : null);
  }

  get size() {
    return this.file.size;
  }

  /**
   * The bytes from `start` up to `end`; fewer where the file ends before.
   *
   * @param {number} start
   * @param {number} end
   */
  async bytes(start, end) {
    if (this.whole) return this.whole.subarray(start, end);
    return new Uint8Array(await this.file.slice(start, end).arrayBuffer());
  }
}
