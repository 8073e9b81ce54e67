/**
 * The whole analysis with its pictures, watched: what each thread did when, and on a GPU what ran there. Writes
 * JSON.
 *
 *     deno run --no-prompt --allow-all bench/timeline_job.ts JOB_DIR DEVICE RESULTS_DIR TRACE.json [statistics]
 *
 * @module
 */
import { watchWork, workClock, type WorkSpan } from "../lib/base/work_log.ts";
import { type Observer, PhaseClock, SILENT } from "../lib/base/observer.ts";
import type { AnalysisFileOptions } from "../lib/analysis/run_options.ts";
import type { DeviceRequest } from "../lib/compute/device.ts";
import { CpuSampler } from "./cpu_sampler.ts";
import { fullJob } from "./job.ts";
import { KernelTimer, OWN_KERNELS } from "./kernel_timer.ts";
import type { CpuSample } from "./timeline_rows.ts";

/** What a run was seen to do. */
export interface Trace {
  /** When it began, in milliseconds since 1970. */
  readonly begin: number;
  /** When it ended. */
  readonly end: number;
  /** When each phase began. */
  readonly phases: readonly { readonly name: string; readonly at: number }[];
  /** The pieces of work. */
  readonly spans: readonly WorkSpan[];
  /** The looks at the processor time. */
  readonly samples: readonly CpuSample[];
  /** Where it computed. */
  readonly device: string;
  /** Which build of ONNX Runtime ran the language model. */
  readonly backend: string;
}

/** What a GPU's row is called. */
const GPU = "GPU";

if (import.meta.main) {
  const [directory, device, outputDirectory, file, statistics] = Deno.args as [
    ...[string, DeviceRequest, string, string, string?],
  ];
  const timer = device === "gpu" ? new KernelTimer() : undefined; // before a device is opened
  const begin = workClock();
  const spans: WorkSpan[] = [];
  const phases: { name: string; at: number }[] = [];
  using sampler = new CpuSampler();
  using _watching = watchWork((span) => spans.push(span));
  const { openJob } = await import("./open_job.ts");
  const { runPlan } = await import("../lib/analysis/run.ts");
  const observer: Observer = { ...SILENT, phase: (name) => phases.push({ name, at: workClock() }) };
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  using open = await openJob(fullJob(directory), device);
  const { plan, device: opened, reading, look } = open;
  const options: AnalysisFileOptions = {
    ...plan.options,
    device,
    outputDirectory,
    force: true,
    statistics: statistics === "statistics",
    reading,
  };
  await runPlan(plan, opened, options, { clock, look });
  const end = workClock();
  const samples = await sampler.read();
  for (const { name, start, end } of await timer?.readRuns() ?? []) {
    spans.push({
      kind: OWN_KERNELS.test(name) ? "encode" : "language model",
      thread: GPU,
      start,
      end,
    });
  }
  const trace: Trace = {
    begin,
    end,
    phases,
    spans,
    samples,
    device: opened.name,
    backend: opened.runtime.backend,
  };
  await Deno.writeTextFile(file, JSON.stringify(trace));
}
