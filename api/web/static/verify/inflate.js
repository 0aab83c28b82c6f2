/**
 * Unpacks with the browser's own decompressor, never to more than was announced.
 *
 * @param {Blob} packed
 * @param {"deflate" | "deflate-raw"} format
 * @param {number} size bytes that must come out
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null: broken, or another number of bytes
 */
export async function inflate(packed, format, size) {
  const whole = new Uint8Array(size);
  const reader = packed.stream().pipeThrough(new DecompressionStream(format)).getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return at === size ? whole : null;
      if (at + value.length > size) return null;
      whole.set(value, at);
      at += value.length;
    }
  } catch (error) {
    if (error instanceof TypeError || isZlib(error)) return null;
    throw error;
  } finally {
    // what is left of a stream that is not read to its end
    reader.cancel().catch(() => undefined);
  }
}

/** Node says with an error of its own what browsers say with a TypeError. @param {unknown} error */
function isZlib(error) {
  return error instanceof Error && "code" in error && /^(Z_|ERR_TRAILING)/.test(String(error.code));
}
