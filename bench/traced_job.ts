/**
 * The analysis without its pictures, with every call of WebGPU counted, or each kernel timed on the
 * GPU. Prints JSON.
 *
 *     deno run --no-prompt --allow-all bench/traced_job.ts /tmp/job calls|kernels
 *
 * @module
 */
import { KernelTimer, type KernelTimes } from "./kernel_timer.ts";
import { type CallTable, countCalls } from "./webgpu_calls.ts";

/** What a run printed. */
export interface TracedJob {
  /** How long it took, in seconds. */
  seconds: number;
  /** Which build of ONNX Runtime ran the language model. */
  backend: string;
  /** The calls by name, if they were counted. */
  calls?: CallTable;
  /** The kernels by name, if they were timed. */
  kernels?: Record<string, KernelTimes>;
}

if (import.meta.main) {
  const [directory = "/tmp/job", what = "calls"] = Deno.args;
  const calls = what === "calls" ? countCalls() : undefined; // before a device is opened
  const timer = what === "kernels" ? new KernelTimer() : undefined;
  const { analyzeLayers } = await import("../lib/analysis/layers.ts");
  const { openDevice } = await import("../lib/compute/device.ts");
  const { fullJob, planOf } = await import("./job.ts");
  const start = performance.now();
  const plan = await planOf(fullJob(directory));
  using device = await openDevice("gpu");
  const scratchDirectory = await Deno.makeTempDir();
  try {
    for await (const _layer of analyzeLayers(plan, device, { scratchDirectory }));
  } finally {
    await Deno.remove(scratchDirectory, { recursive: true });
  }
  const seconds = (performance.now() - start) / 1000;
  const kernels = await timer?.read();
  console.log(
    JSON.stringify(
      {
        seconds,
        backend: device.runtime.backend,
        ...calls && { calls },
        ...kernels && { kernels },
      } satisfies TracedJob,
    ),
  );
}
