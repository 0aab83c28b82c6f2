/** Reads DER (ITU-T X.690): definite, shortest lengths, nothing left over. */
import { fromUtf8, hex } from "./bytes.js";
import { ProofInvalid } from "./fault.js";

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;
const CONSTRUCTED = 0x20;
const MAX_DEPTH = 40;

/** One value. `bytes` is all of it, `content` what is inside. */
export class Value {
  /**
   * @param {number} tag
   * @param {Uint8Array} bytes
   * @param {Uint8Array} content
   * @param {number} depth
   */
  constructor(tag, bytes, content, depth) {
    this.tag = tag;
    this.bytes = bytes;
    this.content = content;
    this.depth = depth;
  }

  /** @returns {Value[]} the values inside */
  get items() {
    if (!(this.tag & CONSTRUCTED)) throw broken();
    return valuesIn(this.content, this.depth + 1);
  }

  /**
   * The values inside, when there are that many.
   *
   * @param {number} least
   * @param {number} most
   */
  parts(least, most = Infinity) {
    const { items } = this;
    if (items.length < least || items.length > most) throw broken();
    return items;
  }

  /** @param {number} tag */
  is(tag) {
    if (this.tag !== tag) throw broken();
    return this;
  }

  /** The one value inside an explicit tag. */
  get only() {
    return this.parts(1, 1)[0];
  }

  /** Dotted decimal. */
  get oid() {
    return readOid(this.is(OID).content);
  }

  /** A whole number that is not negative. */
  get whole() {
    const { content } = this.is(INTEGER);
    if (content.length === 0 || content[0] & 0x80) throw broken();
    if (content.length > 1 && content[0] === 0 && !(content[1] & 0x80)) throw broken();
    return BigInt(`0x${hex(content)}`);
  }

  get truth() {
    const { content } = this.is(BOOLEAN);
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw broken();
    return content[0] === 0xff;
  }

  /** The octets of a bit string that has no unused bits. */
  get bits() {
    const { content } = this.is(BIT_STRING);
    if (content[0] !== 0) throw broken();
    return content.subarray(1);
  }

  get text() {
    if (this.tag === 0x1e) return new TextDecoder("utf-16be").decode(this.content);
    return fromUtf8(this.content) ?? new TextDecoder("latin1").decode(this.content);
  }
}

export function broken() {
  return new ProofInvalid("DER", "its structure is broken");
}

/**
 * The one value that these bytes are.
 *
 * @param {Uint8Array} bytes
 * @throws {ProofInvalid} they are none, or more than one
 */
export function parseDer(bytes) {
  const values = valuesIn(bytes, 0);
  if (values.length !== 1) throw broken();
  return values[0];
}

/**
 * @param {Uint8Array} bytes
 * @param {number} depth
 * @returns {Value[]}
 */
function valuesIn(bytes, depth) {
  if (depth > MAX_DEPTH) throw broken();
  const values = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at];
    const [start, length] = readLength(bytes, at + 1);
    const end = start + length;
    if ((tag & 0x1f) === 0x1f || end > bytes.length) throw broken();
    values.push(new Value(tag, bytes.subarray(at, end), bytes.subarray(start, end), depth));
    at = end;
  }
  return values;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[number, number]} where the content begins, and its length
 */
function readLength(bytes, at) {
  const first = bytes[at];
  if (first === undefined) throw broken();
  if (first < 0x80) return [at + 1, first];
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || at + octets >= bytes.length) throw broken();
  let length = 0;
  for (let index = 1; index <= octets; index += 1) length = length * 256 + bytes[at + index];
  if (length < 0x80 || length < 256 ** (octets - 1)) throw broken();
  return [at + 1 + octets, length];
}

/** @param {Uint8Array} content */
function readOid(content) {
  const parts = [];
  let value = 0n;
  for (const byte of content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte & 0x80) continue;
    parts.push(value);
    value = 0n;
  }
  if (parts.length === 0 || content[content.length - 1] & 0x80) throw broken();
  const head = parts[0] < 80n ? parts[0] / 40n : 2n;
  return [head, parts[0] - head * 40n, ...parts.slice(1)].join(".");
}
