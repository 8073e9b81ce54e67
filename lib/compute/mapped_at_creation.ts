/**
 * Uploads that need no mapped memory.
 *
 * ONNX Runtime uploads each weight through a buffer that is mapped at creation. Deno answers
 * `getMappedRange()` of such a buffer with a copy of the mapped memory (`slice.to_vec()`,
 * ext/webgpu/buffer.rs, line 289, of Deno 2.9.5), though nothing was written there yet. On a
 * hardware GPU that memory is write-combined, and reading it is slow: 24 MB/s on an H200, 19.4 s for
 * the weights of GPT-2 small. A software adapter shows nothing of it. The benchmark on a GPU prints
 * the time in `getMappedRange`. To be removed when Deno no longer reads what it maps for writing.
 *
 * @module
 */
import { writeInPieces } from "./write_in_pieces.ts";

/**
 * Answers `mappedAtCreation` with ordinary memory, which `unmap()` hands to `queue.writeBuffer`.
 *
 * The buffer cannot be mapped again: it has `COPY_DST` in the place of `MAP_WRITE` and `MAP_READ`.
 */
export function uploadWithoutMapping(device: GPUDevice): void {
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (description) => {
    if (!description.mappedAtCreation) return createBuffer(description);
    const { MAP_READ, MAP_WRITE, COPY_DST } = GPUBufferUsage;
    const usage = (description.usage & ~(MAP_READ | MAP_WRITE)) | COPY_DST;
    const buffer = createBuffer({ ...description, usage, mappedAtCreation: false });
    const ranges: { offset: number; range: ArrayBuffer }[] = [];
    buffer.getMappedRange = (offset = 0, size = buffer.size - offset) => {
      const range = new ArrayBuffer(size);
      ranges.push({ offset, range });
      return range;
    };
    buffer.unmap = () => {
      for (const { offset, range } of ranges.splice(0)) {
        writeInPieces(device, buffer, new Uint8Array(range), offset);
      }
    };
    return buffer;
  };
}
