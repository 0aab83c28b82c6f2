/**
 * ZIP files, read without trusting them: the central directory alone says what there is, and every
 * file must lie where it says, apart from the others.
 */
import { reads } from "./bytes.js";
import { crc32 } from "./crc32.js";
import { NotABundle, ProofInvalid } from "./fault.js";
import { inflate } from "./inflate.js";
import { shown } from "./layout.js";
import { Source } from "./source.js";
import { directoryOf, viewOf } from "./zip_directory.js";

/** @typedef {import("./zip_directory.js").Entry} Entry */
/** @typedef {import("./bytes.js").Bytes} Bytes */

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const MOST_EXTRA = 0xffff;
const STORED = 0;
const SMALL = 2 ** 14;
const KEPT = 2 ** 26;

/** The files of a checked archive. Made by `openZip`. */
export class ZipReader {
  /**
   * @param {Source} archive
   * @param {Map<string, Entry>} entries
   */
  constructor(archive, entries) {
    this.archive = archive;
    this.entries = entries;
    /** Small files that were read: tiles, for one, are looked at several times. @type {Map<string, Bytes>} */
    this.kept = new Map();
    this.room = KEPT;
    /** Every name, sorted. */
    this.names = [...entries.keys()].sort();
  }

  /** @param {string} name */
  has(name) {
    return this.entries.has(name);
  }

  /** Bytes when unpacked; 0 of what is not there. @param {string} name */
  sizeOf(name) {
    return this.entries.get(name)?.size ?? 0;
  }

  /**
   * The bytes of one file, not to be written to.
   *
   * @param {string} name
   * @returns {Promise<Bytes>}
   * @throws {ProofInvalid} it is not there, or it does not unpack to what the archive says
   */
  async read(name) {
    const kept = this.kept.get(name);
    if (kept) return kept;
    const entry = this.entries.get(name);
    if (!entry) throw new ProofInvalid(shown(name), "the file is missing");
    const packed = await this.packed(entry);
    const data = entry.method === STORED ? packed : await inflate([packed], "deflate-raw", entry.size);
    if (!data || data.length !== entry.size || crc32(data) !== entry.crc) {
      throw new ProofInvalid(name, "it cannot be unpacked");
    }
    if (data.length <= this.room && data.length <= SMALL) {
      this.room -= data.length;
      this.kept.set(name, data);
    }
    return data;
  }

  /**
   * The packed bytes of a file, after its own header was compared with the directory.
   *
   * @param {Entry} entry
   */
  async packed(entry) {
    const named = LOCAL_BYTES + entry.name.length;
    const most = entry.offset + named + MOST_EXTRA + entry.packedSize;
    const bytes = await this.archive.bytes(entry.offset, Math.min(entry.limit, most));
    const view = viewOf(bytes);
    if (view.byteLength < named || view.getUint32(0, true) !== LOCAL || !sameHeader(view, entry)) {
      throw new ProofInvalid(entry.name, "its own header is not what the archive's directory says");
    }
    const start = named + view.getUint16(28, true);
    const end = start + entry.packedSize;
    if (end > bytes.length) throw new ProofInvalid(entry.name, "it overlaps another file of the archive");
    return bytes.subarray(start, end);
  }
}

/**
 * @param {DataView} view
 * @param {Entry} entry
 */
function sameHeader(view, entry) {
  const name = new Uint8Array(view.buffer, view.byteOffset + LOCAL_BYTES, entry.name.length);
  const encrypted = view.getUint16(6, true) & 1;
  return (
    reads(name, 0, entry.name) && !encrypted && view.getUint16(26, true) === entry.name.length &&
    view.getUint16(8, true) === entry.method
  );
}

/**
 * @param {Blob} archive
 * @returns {Promise<ZipReader>}
 * @throws {NotABundle} not a ZIP file
 * @throws {ProofInvalid} two entries of one name, links, names that climb, or too much to unpack
 */
export async function openZip(archive) {
  const source = await Source.open(archive);
  const entries = await directoryOf(source);
  if (!entries) throw new NotABundle("not a ZIP file");
  return new ZipReader(source, entries);
}
