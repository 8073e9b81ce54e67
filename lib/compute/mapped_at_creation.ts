/**
 * Workaround: uploads that need no mapped memory.
 *
 * ONNX Runtime uploads each weight through a buffer that is mapped at creation. Deno answers
 * `getMappedRange()` of such a buffer with a copy of the mapped memory (`slice.to_vec()`,
 * https://github.com/denoland/deno/blob/v2.9.5/ext/webgpu/buffer.rs#L289; its ranges were made anew in
 * https://github.com/denoland/deno/pull/36257), though nothing was written there yet. On a hardware
 * GPU that memory is write-combined, and reading it is slow: 24 MB/s on an H200, 19.4 s for
 * the weights of GPT-2 small. A software adapter shows nothing of it. To see it, leave out the call in
 * `gpu.ts`: the benchmark on a GPU then prints seconds in `getMappedRange`. To be deleted when it
 * prints none.
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
