/** How much is written between two submits: the queue keeps a copy until the next, in bytes. */
const PIECE_BYTES = 64 * 2 ** 20;

/**
 * Writes to a buffer of a GPU in pieces, each submitted, so that the queue's copies stay small.
 *
 * @param bytes What to write; a multiple of 4 bytes.
 * @param offset Where it goes in the buffer, in bytes.
 */
export function writeInPieces(
  device: GPUDevice,
  buffer: GPUBuffer,
  bytes: Uint8Array<ArrayBuffer>,
  offset = 0,
): void {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    device.queue.writeBuffer(buffer, offset + start, bytes.subarray(start, start + PIECE_BYTES));
    device.queue.submit([]);
  }
}
