/**
 * Unpacks with the browser's own decompressor, never to more than was announced.
 *
 * @param {readonly Uint8Array<ArrayBuffer>[]} packed
 * @param {"deflate" | "deflate-raw"} format
 * @param {number} size bytes that must come out
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null: broken, or another number of bytes
 */
export async function inflate(packed, format, size) {
  const stream = new DecompressionStream(format);
  const reader = stream.readable.getReader();
  const feeding = feed(stream.writable.getWriter(), packed);
  const whole = new Uint8Array(size);
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return (await feeding) && at === size ? whole : null;
      if (at + value.length > size) return null;
      whole.set(value, at);
      at += value.length;
    }
  } catch (error) {
    if (isBroken(error)) return null;
    throw error;
  } finally {
    reader.cancel().catch(() => undefined); // what is left when it is not read to its end
  }
}

/**
 * @param {WritableStreamDefaultWriter<BufferSource>} writer
 * @param {readonly Uint8Array<ArrayBuffer>[]} packed
 * @returns {Promise<boolean>} whether all of it was taken
 */
async function feed(writer, packed) {
  try {
    for (const part of packed) await writer.write(part);
    await writer.close();
    return true;
  } catch {
    return false; // the reader hears why
  }
}

/**
 * Browsers say that data is broken with a TypeError, node with an error of its own.
 *
 * @param {unknown} error
 */
function isBroken(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return error instanceof TypeError || /^(Z_|ERR_TRAILING)/.test(code);
}
