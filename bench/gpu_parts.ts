/**
 * What is measured on a machine with a GPU: the shader of the SAEs, the whole job, and the language
 * model on two WebGPUs. Each runs in processes of its own that may take so long and no longer, so
 * that a driver that crashes or hangs costs one of them and not the report.
 *
 * @module
 */
import { measureDeno } from "./child.ts";
import { type Job, planOf, type Run, runCoact, runNumbersOnly } from "./job.ts";
import { medianSeconds, phaseTable, ratioTable } from "./job_tables.ts";
import type { NativeTimes } from "./native_webgpu.ts";
import { median } from "./products.ts";
import { runTorch, torchArgumentsOf, torchRatios, type TorchRun } from "./pytorch.ts";
import { seconds, type Table } from "./table.ts";

/** The seconds that a process may take. */
export const LIMIT = 240;
/** The seconds that the whole job may take on a data-centre GPU. */
const BAR = 8;

/** How the job is measured. */
export interface GpuJobOptions {
  /** How often, after one run that does not count. */
  runs: number;
  /** A Python whose PyTorch computes on the GPU, or undefined for no comparison. */
  python: string | undefined;
  /** A directory for what the runs write. */
  scratch: string;
  /** Told what is going on. */
  log: (line: string) => void;
  /** Given the tables after each run: what there is if the next one never ends. */
  publish: (tables: Table[]) => Promise<void>;
  /** Told that PyTorch failed, and why; the rest goes on without it. */
  torchFailed: (error: unknown) => Promise<void>;
}

/** The rate of the shader, tile by tile. */
export async function measureKernel(scratch: string, peakTflops: number): Promise<Table[]> {
  await measureDeno("bench/kernel.ts", [
    ...["--report", scratch, "--peak_tflops", String(peakTflops)],
  ], LIMIT);
  return JSON.parse(await Deno.readTextFile(`${scratch}/kernel.json`)).tables;
}

/** The whole job, and the same by PyTorch, in turns. PyTorch may fail: then the rest goes on. */
export async function measureJobOnGpu(job: Job, options: GpuJobOptions): Promise<Table[]> {
  const { runs, scratch, log, publish, torchFailed } = options;
  const args = [...await torchArgumentsOf(await planOf(job), job, scratch), "--cuda"];
  const coact: Run[] = [];
  const numbersOnly: number[] = [];
  const torch: TorchRun[] = [];
  let { python } = options;
  let tables: Table[] = [];
  for (let run = 0; run <= runs; run++) {
    const whole = await runCoact(job, `${scratch}/results`, "gpu", LIMIT);
    const numbers = await runNumbersOnly(job, `${scratch}/numbers`, "gpu", LIMIT);
    log(`coact ${seconds(whole.seconds)}, without pictures ${seconds(numbers.seconds)}`);
    const baseline = python && await runTorch(python, args, LIMIT).catch(async (error) => {
      python = undefined;
      await torchFailed(error);
    });
    if (baseline) log(`PyTorch ${seconds(baseline.seconds)}: ${baseline.said}`);
    if (run === 0 && runs > 0) continue; // it fills the page cache and the driver's of shaders
    coact.push(whole);
    numbersOnly.push(numbers.seconds);
    if (baseline) torch.push(baseline);
    tables = tablesOf(coact, numbersOnly, torch);
    await publish(tables);
  }
  return tables;
}

function tablesOf(
  coact: readonly Run[],
  numbersOnly: readonly number[],
  torch: readonly TorchRun[],
): Table[] {
  const whole = medianSeconds(coact);
  const bar = [`whole job: ${seconds(whole)}`, `${BAR} s`, (whole / BAR).toFixed(2), "≤ 1"];
  return [
    phaseTable("gpu", coact, new Map()),
    ...(torch.length === 0 ? [] : [torchTable(torch)]),
    ratioTable([bar, ...torchRatios(coact, numbersOnly, torch, "–")]),
  ];
}

function torchTable(runs: readonly TorchRun[]): Table {
  const phases = Object.keys(runs[0]!.phases);
  return {
    title: "The same job by PyTorch",
    columns: ["phase", "time"],
    rows: [
      ...phases.map((phase) => [phase, seconds(median(runs.map((run) => run.phases[phase]!)))]),
      ["whole process", seconds(medianSeconds(runs))],
    ],
    notes: [
      "float32 without TF32. As with coact, nothing is warmed up: what the first use of the GPU " +
      "costs is part of it. The language model again, warm, is timed in the same process afterwards " +
      "and is not part of the whole.",
    ],
  };
}

/** The language model on onnxruntime-web's WebGPU and on onnxruntime-node's native one. */
export async function measureNative(directory: string): Promise<Table[]> {
  const { output } = await measureDeno("bench/native_webgpu.ts", [directory], LIMIT);
  const { web, native, failure, choice, opening, difference }: NativeTimes = JSON.parse(output);
  const row = (name: string, [first, ...others]: readonly number[]) => [
    name,
    first === undefined ? "–" : seconds(first),
    others.length === 0 ? "–" : seconds(median(others)),
  ];
  return [{
    title: "The language model on two WebGPUs",
    columns: ["where", "first", "median of the others"],
    rows: [row("onnxruntime-web, webgpu", web), row("onnxruntime-node, webgpu", native)],
    notes: [
      "In turns, in one process; making the session and uploading the weights counts.",
      `The choice for the device gpu here: ${choice}.`,
      `Opening the device took ${opening.map(seconds).join(", and once more ")}; the first time ` +
      "onnxruntime-node's WebGPU is tried.",
      ...(failure === undefined ? [] : [`onnxruntime-node's failed: ${failure}.`]),
      ...(difference === undefined ? [] : [
        `Hidden states of both differ by ${
          difference.toExponential(1)
        } of a layer's largest at most.`,
      ]),
    ],
  }];
}
