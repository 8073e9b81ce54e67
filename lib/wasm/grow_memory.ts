/**
 * The memory of WebAssembly, which grows only.
 *
 * @module
 */

const PAGE_BYTES = 65536;

/** Makes sure that a memory has so many bytes. What was read of it before is to be asked for anew. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
