/**
 * Times kernels on the device itself.
 *
 * @module
 */
import type { Gpu } from "./gpu.ts";
import type { Kernel } from "./kernel.ts";

/**
 * Runs a kernel as {@linkcode Gpu.dispatch} does, several times, and times each run.
 *
 * @param gpu One that can time kernels ({@linkcode Gpu.hasTimestamps}).
 * @returns Seconds, one for each run.
 */
export async function timeKernel(
  gpu: Gpu,
  { kernel, buffers, grid, runs }: {
    kernel: Kernel;
    buffers: readonly GPUBuffer[];
    grid: readonly [number, number];
    runs: number;
  },
): Promise<number[]> {
  const { device } = gpu;
  using scope = new DisposableStack();
  const own = <T extends GPUBuffer | GPUQuerySet>(made: T) =>
    scope.adopt(made, (made) => made.destroy());
  const querySet = own(device.createQuerySet({ type: "timestamp", count: 2 * runs }));
  const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage;
  const usage = QUERY_RESOLVE | COPY_SRC;
  const times = own(device.createBuffer({ label: "times", size: 16 * runs, usage }));
  for (let run = 0; run < runs; run++) {
    gpu.dispatch(kernel, buffers, grid, {
      querySet,
      beginningOfPassWriteIndex: 2 * run,
      endOfPassWriteIndex: 2 * run + 1,
    });
  }
  const commands = device.createCommandEncoder({ label: "times" });
  commands.resolveQuerySet(querySet, 0, 2 * runs, times, 0);
  device.queue.submit([commands.finish()]);
  const [bits] = await gpu.read([times]);
  const nanoseconds = new BigUint64Array(bits!.buffer, bits!.byteOffset, 2 * runs);
  return Array.from({ length: runs }, (_, run) => {
    return Number(nanoseconds[2 * run + 1]! - nanoseconds[2 * run]!) / 1e9;
  });
}
