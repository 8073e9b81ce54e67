/**
 * Workaround: uploads that need no mapped memory.
 *
 * ONNX Runtime uploads each weight through a buffer that is mapped at creation, and nobody is to read such
 * memory: on a hardware GPU it is write-combined. Deno does.
 *
 * The bug: since Deno 2.9.5, `getMappedRange()` answers with a copy of what is mapped
 * (`slice.to_vec()`, https://github.com/denoland/deno/blob/v2.9.5/ext/webgpu/buffer.rs#L289; its change is
 * https://github.com/denoland/deno/pull/36257), though what is mapped for writing holds nothing yet. Until 2.9.4 the
 * range of what is mapped for writing was the mapped memory itself.
 *
 * How to see it: on an H200 the copy runs at 24 MB/s, 19.4 s for the weights of GPT-2 small. On a machine
 * with a GPU, the part "calls" of the benchmark uploads a few MiB both ways and says whether this is
 * still needed. A software adapter shows nothing of it.
 *
 * When to delete it: when Deno makes the range of what is mapped for writing without reading it, and that
 * part says so. Then this file goes, its call in gpu.ts, and its tests.
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
