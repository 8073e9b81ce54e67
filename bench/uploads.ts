/**
 * Uploads a few MiB to a GPU through a buffer that is mapped at creation, as ONNX Runtime would, and by
 * `writeBuffer`, on a device of Deno's as it comes. Prints JSON.
 *
 *     deno run --no-prompt --allow-all bench/uploads.ts
 *
 * @module
 */
import { isSoftwareAdapter } from "../lib/compute/gpu_adapter.ts";

/** What uploads took. */
export interface UploadTimes {
  /** How much was uploaded. */
  readonly bytes: number;
  /** Seconds through what is mapped at creation. */
  readonly mapped: number;
  /** Seconds by `writeBuffer`. */
  readonly written: number;
  /** Whether the GPU is a program on the CPU. */
  readonly isSoftware: boolean;
}

/** At 24 MB/s, less than a second. */
const BYTES = 2 ** 24;
/** The fastest counts: the first makes room. */
const ROUNDS = 3;

if (import.meta.main) {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new Error("there is no GPU");
  const device = await adapter.requestDevice();
  const data = new Uint8Array(BYTES).fill(1);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const fastest = async (upload: () => GPUBuffer) => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const buffer = upload();
      device.queue.submit([]);
      await device.queue.onSubmittedWorkDone();
      times.push((performance.now() - start) / 1000);
      buffer.destroy();
    }
    return Math.min(...times);
  };
  const times: UploadTimes = {
    bytes: BYTES,
    mapped: await fastest(() => {
      const buffer = device.createBuffer({ size: BYTES, usage, mappedAtCreation: true });
      new Uint8Array(buffer.getMappedRange()).set(data);
      buffer.unmap();
      return buffer;
    }),
    written: await fastest(() => {
      const buffer = device.createBuffer({ size: BYTES, usage });
      device.queue.writeBuffer(buffer, 0, data);
      return buffer;
    }),
    isSoftware: isSoftwareAdapter(adapter),
  };
  device.destroy();
  console.log(JSON.stringify(times));
}
