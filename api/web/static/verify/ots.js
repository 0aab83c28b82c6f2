/**
 * OpenTimestamps proofs, read to their end. Whether a block of the Bitcoin chain has the Merkle root
 * that a proof leads to cannot be known offline: it is told for the reader to look up.
 */
import { digest, fromHex, fromUtf8, hex, joined, same, utf8 } from "./bytes.js";
import { ProofInvalid } from "./fault.js";

/**
 * @typedef {object} Attested
 * @property {string[]} calendars that promise to anchor it
 * @property {{ height: number, merkle_root: string }[]} blocks and the Merkle root that they must have
 */

const MAGIC = fromHex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294");
const PENDING = "83dfe30d2ef90c8e";
const BITCOIN = "0588960d73d71901";
const [SHA1, RIPEMD160, SHA256, KECCAK256] = [0x02, 0x03, 0x08, 0x67];
const [APPEND, PREPEND, REVERSE, HEXLIFY] = [0xf0, 0xf1, 0xf2, 0xf3];
const [ATTESTED, ANOTHER] = [0x00, 0xff];
const [MAX_PROOF, MAX_MESSAGE, MAX_PAYLOAD, MAX_DEPTH, MAX_ITEMS] = [1_000_000, 4096, 8192, 256, 10_000];
const URI = /^https?:\/\/[A-Za-z0-9._/:-]{1,900}$/;
const SUBJECT = "STATEMENT.ots";

/** @param {string} text */
function fault(text) {
  return new ProofInvalid(SUBJECT, text);
}

/** Reads from the front. */
class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  /** @param {number} length */
  take(length) {
    if (this.at + length > this.data.length) throw fault("it is cut short");
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  get byte() {
    return this.take(1)[0];
  }

  get number() {
    let value = 0;
    for (let place = 0; place < 9; place += 1) {
      const { byte } = this;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte <= 0x7f) return value;
    }
    throw fault("a number is too long");
  }

  /** @param {number} most */
  sized(most) {
    const length = this.number;
    if (length > most) throw fault("a part is too long");
    return this.take(length);
  }

  end() {
    if (this.at !== this.data.length) throw fault("bytes follow that belong to nothing");
  }
}

/**
 * @param {Uint8Array} proof
 * @param {Uint8Array} data
 * @returns {Promise<Attested>}
 * @throws {ProofInvalid} malformed, over other data, or nothing known attests it
 */
export async function verifyCalendars(proof, data) {
  const reader = new Reader(proof);
  if (proof.length > MAX_PROOF || !same(reader.take(MAGIC.length), MAGIC)) {
    throw fault("not an OpenTimestamps proof");
  }
  if (reader.number !== 1 || reader.byte !== SHA256) throw fault("a proof of another version, or not over a SHA-256");
  const message = await digest(data);
  if (!same(reader.take(32), message)) throw fault("it is over other data");
  /** @type {Attested} */
  const found = { calendars: [], blocks: [] };
  await follow(reader, message, found, { depth: 0, items: 0 });
  reader.end();
  if (found.calendars.length + found.blocks.length === 0) {
    throw fault("neither a calendar nor a block that is known here attests it");
  }
  return found;
}

/**
 * @param {Reader} reader
 * @param {Uint8Array | null} message null: it cannot be computed here
 * @param {Attested} found
 * @param {{ depth: number, items: number }} count
 */
async function follow(reader, message, found, count) {
  if (count.depth > MAX_DEPTH) throw fault("deeper than a proof can be");
  for (let more = true; more; ) {
    let code = reader.byte;
    more = code === ANOTHER;
    if (more) code = reader.byte;
    count.items += 1;
    if (count.items > MAX_ITEMS) throw fault("more steps than a proof can have");
    if (code === ATTESTED) {
      attest(hex(reader.take(8)), reader.sized(MAX_PAYLOAD), message, found);
    } else {
      const next = await step(code, reader, message);
      count.depth += 1;
      await follow(reader, next, found, count);
      count.depth -= 1;
    }
  }
}

/**
 * @param {number} code
 * @param {Reader} reader
 * @param {Uint8Array | null} message
 * @returns {Promise<Uint8Array | null>}
 */
async function step(code, reader, message) {
  const argument = code === APPEND || code === PREPEND ? reader.sized(MAX_MESSAGE) : new Uint8Array();
  if (code === RIPEMD160 || code === KECCAK256) return null;
  if (![SHA1, SHA256, APPEND, PREPEND, REVERSE, HEXLIFY].includes(code)) throw fault("an operation that is not known");
  if (message === null) return null;
  if (code === SHA1) return digest(message, "SHA-1");
  if (code === SHA256) return digest(message);
  const made =
    code === APPEND ? joined([message, argument])
    : code === PREPEND ? joined([argument, message])
    : code === REVERSE ? message.slice().reverse()
    : utf8(hex(message));
  return made.length <= MAX_MESSAGE ? made : null;
}

/**
 * @param {string} tag
 * @param {Uint8Array} payload
 * @param {Uint8Array | null} message
 * @param {Attested} found
 */
function attest(tag, payload, message, found) {
  if (message === null || (tag !== PENDING && tag !== BITCOIN)) return;
  const reader = new Reader(payload);
  if (tag === PENDING) {
    const uri = fromUtf8(reader.sized(MAX_PAYLOAD)) ?? "";
    if (!URI.test(uri)) throw fault("a calendar's address is malformed");
    found.calendars.push(uri);
  } else {
    if (message.length !== 32) throw fault("what a block attests is no Merkle root");
    found.blocks.push({ height: reader.number, merkle_root: hex(message.slice().reverse()) });
  }
  reader.end();
}
