/** Checks one statement of a bundle: its files, its pictures, its place in the log, its times. */
import { fromUtf8, same, utf8 } from "./bytes.js";
import { ProofInvalid, within } from "./fault.js";
import * as layout from "./layout.js";
import { parseList } from "./lists.js";
import { leafHash } from "./merkle.js";
import { verifyCalendars } from "./ots.js";
import { rgbOf } from "./pixels.js";
import { chunksOf, samplesOf } from "./png.js";
import { verifyReceipt } from "./receipt.js";
import { saltOf } from "./salted.js";
import { readTile, tileList } from "./tiles.js";
import { checkStamp } from "./trust.js";

/**
 * @typedef {import("./trust.js").Stamp} Stamp
 *
 * @typedef {object} Entry what held for one statement
 * @property {string} folder below which its files stand, with its final slash
 * @property {string} kind
 * @property {Map<string, string>} listed SHA-256 by path
 * @property {import("./receipt.js").Inclusion} inclusion
 * @property {Stamp[]} stamps
 * @property {string[]} withheld paths that are listed and not there
 * @property {Set<string>} covered paths in the ZIP that it accounts for
 * @property {Map<string, Tiles>} pictures by their folder below `data/`
 *
 * @typedef {object} Tiles those of one picture
 * @property {Map<string, string>} listed SHA-256 by name
 * @property {string[]} present names of those that are there
 *
 * @typedef {object} Context
 * @property {import("./zip.js").ZipReader} reader
 * @property {Map<string, string>} digests SHA-256 of every payload file, as it was compared with the bag
 * @property {import("./trust.js").Trust} trust
 * @property {import("./report.js").Report} report
 */

/**
 * @param {Context} context
 * @param {string} folder
 * @param {string} kind
 * @returns {Promise<Entry>}
 * @throws {ProofInvalid} names the first file that fails
 */
export async function checkEntry(context, folder, kind) {
  return new EntryCheck(context, folder, kind).run();
}

class EntryCheck {
  /**
   * @param {Context} context
   * @param {string} folder
   * @param {string} kind
   */
  constructor(context, folder, kind) {
    this.reader = context.reader;
    this.digests = context.digests;
    this.trust = context.trust;
    this.report = context.report;
    this.folder = folder;
    this.kind = kind;
    this.covered = new Set([layout.STATEMENT, layout.PROOF]);
    /** @type {Map<string, Tiles>} */
    this.pictures = new Map();
  }

  /** @returns {Promise<Entry>} */
  async run() {
    const text = await this.read(layout.STATEMENT);
    const listed = parseList(text, this.name(layout.STATEMENT));
    const withheld = this.checkFiles(listed);
    for (const path of this.kind === layout.EXPORT ? [] : listed.keys()) {
      if (path.endsWith(`/${layout.TILES}`) && this.has(path)) await this.checkTiles(path, listed);
    }
    const inclusion = await this.checkInclusion(text);
    const stamps = await this.checkStamps(text, utf8(inclusion.checkpoint.text));
    await this.checkCalendars(text);
    const covered = new Set([...this.covered].map((path) => this.folder + path));
    const { folder, kind, pictures } = this;
    return { folder, kind, listed, inclusion, stamps, withheld, covered, pictures };
  }

  /**
   * Compares the files that are there; gives the paths of those that are not.
   *
   * @param {Map<string, string>} listed
   */
  checkFiles(listed) {
    const required = layout.contentFile(this.kind);
    if (!listed.has(required) || !this.has(required)) {
      throw new ProofInvalid(this.name(required), "it is missing from the statement or the bag");
    }
    if (listed.has(layout.META) && listed.has(layout.RECORD)) {
      throw new ProofInvalid(this.name(layout.STATEMENT), "it lists both meta.json and record.json");
    }
    const own = this.kind === layout.EXPORT ? [required] : [...listed.keys()];
    const present = own.filter((path) => this.has(path));
    for (const path of present) {
      if (this.digests.get(this.folder + path) !== listed.get(path)) {
        throw new ProofInvalid(this.name(path), "its hash is not the one in the statement");
      }
      this.covered.add(path);
    }
    const values = { count: present.length, all: own.length };
    this.report.held(this.name(layout.STATEMENT), "{count} of {all} files are there and match", values);
    return own.filter((path) => !this.has(path)).map((path) => this.name(path));
  }

  /**
   * Compares the tiles of one picture with their list, and with the original if it is there.
   *
   * @param {string} path
   * @param {Map<string, string>} listed
   */
  async checkTiles(path, listed) {
    const base = path.slice(0, -layout.TILES.length);
    const data = await this.read(path);
    const tiles = parseList(data, this.name(path));
    const odd = [...tiles.keys()].find((name) => !name.startsWith("tiles/"));
    if (odd) throw new ProofInvalid(this.name(path), "{name} is no tile", { name: odd });
    for (const name of listed.keys()) {
      const match = layout.ORIGINAL.exec(name);
      if (match && `${match[1]}/` === base && this.has(name)) await this.checkOriginal(name, path, data);
    }
    const visible = [...tiles].filter(([name]) => this.has(base + name));
    for (const [name, digest] of visible) {
      if (this.digests.get(this.folder + base + name) !== digest) {
        throw new ProofInvalid(this.name(base + name), "not the tile in {list}", { list: layout.TILES });
      }
      readTile(this.name(base + name), await this.read(base + name));
      this.covered.add(base + name);
    }
    const present = visible.map(([name]) => name);
    this.pictures.set(this.name(base.slice(0, -1)), { listed: tiles, present });
    if (visible.length > 0) {
      const values = { count: visible.length, all: tiles.size };
      this.report.held(this.name(path), "{count} of {all} tiles are visible and match", values);
    }
  }

  /**
   * @param {string} name of the original picture
   * @param {string} path of its list
   * @param {Uint8Array} list
   */
  async checkOriginal(name, path, list) {
    const computed = await within(this.name(name), async () => {
      const picture = await this.read(name);
      const { kind, seed } = saltOf(picture);
      const samples = kind === "png" ? await samplesOf(chunksOf(picture)) : null;
      return samples && tileList(rgbOf(samples), samples.width, samples.height, seed);
    });
    if (!computed) {
      this.report.skipped(this.name(path), "not compared with the original here: “rature verify” does");
    } else if (same(computed, list)) {
      this.report.held(this.name(path), "it lists the pixels of the original picture");
    } else {
      throw new ProofInvalid(this.name(path), "not the list of the original picture's tiles");
    }
  }

  /** @param {Uint8Array} text */
  async checkInclusion(text) {
    const subject = this.name(layout.PROOF);
    const receipt = fromUtf8(await this.read(layout.PROOF));
    if (receipt === null) throw new ProofInvalid(subject, "not text");
    const leaf = await leafHash(text);
    const inclusion = await within(subject, () => verifyReceipt(receipt, leaf, this.trust));
    const values = { leaf: String(inclusion.index), size: String(inclusion.checkpoint.size) };
    this.report.held(subject, "leaf {leaf} of {size} in the signed log", values);
    for (const { witness, at } of inclusion.cosigned) {
      this.report.held(subject, "cosigned by {witness} at {at}", { witness, at });
    }
    return inclusion;
  }

  /**
   * @param {Uint8Array} text
   * @param {Uint8Array} checkpoint
   */
  async checkStamps(text, checkpoint) {
    const stamps = [];
    for (const path of this.paths()) {
      const data = layout.TOKEN.test(path) ? text : layout.CHECKPOINT_TOKEN.test(path) ? checkpoint : null;
      if (!data) continue;
      const stamp = await checkStamp(this.trust, this.name(path), await this.read(path), data);
      stamps.push(stamp);
      this.covered.add(path);
      this.report.held(this.name(path), "existed by {at}", { at: stamp.at });
    }
    if (stamps.length === 0) throw new ProofInvalid(this.name(layout.STATEMENT), "it has no time stamp");
    return stamps;
  }

  /** @param {Uint8Array} text */
  async checkCalendars(text) {
    if (!this.has(layout.CALENDAR)) return;
    const subject = this.name(layout.CALENDAR);
    const proof = await this.read(layout.CALENDAR);
    const { blocks, calendars } = await within(subject, () => verifyCalendars(proof, text));
    this.covered.add(layout.CALENDAR);
    this.report.calendars.push({ subject, blocks, promised_by: calendars });
    this.report.held(subject, "it is over this statement; look up its block yourself");
  }

  /** Files that stand directly in the folder, sorted. */
  paths() {
    return this.reader.names
      .filter((name) => name.startsWith(this.folder))
      .map((name) => name.slice(this.folder.length))
      .filter((path) => !path.includes("/"));
  }

  /** @param {string} path */
  has(path) {
    return this.reader.has(this.folder + path);
  }

  /** @param {string} path */
  read(path) {
    return this.reader.read(this.folder + path);
  }

  /** @param {string} path */
  name(path) {
    return layout.shown(this.folder + path);
  }
}
