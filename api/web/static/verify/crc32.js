/** CRC-32 as ZIP and PNG use it (ISO 3309, reflected polynomial 0xEDB88320). */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** @param {Uint8Array} data */
export function crc32(data) {
  let value = 0xffffffff;
  for (let at = 0; at < data.length; at += 1) value = (value >>> 8) ^ TABLE[(value ^ data[at]) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}
