/**
 * What is measured on a machine with a GPU: the shader of the SAEs, the whole job, and the language
 * model on two WebGPUs. Each runs in processes of its own that may take so long and no longer, so
 * that a driver that crashes or hangs costs one of them and not the report.
 *
 * @module
 */
import { measureDeno } from "./child.ts";
import { InTurns } from "./in_turns.ts";
import { type Job, planOf, type Run, runCoact } from "./job.ts";
import { medianSeconds, numbersTable, phaseTable, ratioTable } from "./job_tables.ts";
import type { NativeTimes } from "./native_webgpu.ts";
import { median } from "./products.ts";
import { type FoundPython, torchArgumentsOf } from "./pytorch.ts";
import { seconds, type Table } from "./table.ts";

/** The seconds that a process may take. */
export const LIMIT = 240;
/** The seconds that the job may take on a data-centre GPU. */
const BARS = { model: 1.5, numbers: 3.7, pictures: 5 } as const;

/** How the job is measured. */
export interface GpuJobOptions {
  /** How often, after one run that does not count. */
  runs: number;
  /** A Python with PyTorch, or undefined for no comparison. */
  python: FoundPython | undefined;
  /** A directory for what the runs write. */
  scratch: string;
  /** Told what is going on. */
  log: (line: string) => void;
  /** Given the tables after each run: what there is if the next one never ends. */
  publish: (tables: Table[]) => Promise<void>;
  /** Told what failed, and why; the rest goes on without it. */
  failed: (what: string, error: unknown) => Promise<void>;
}

/** The rate of the shader, tile by tile. */
export async function measureKernel(scratch: string, peakTflops: number): Promise<Table[]> {
  await measureDeno("bench/kernel.ts", [
    ...["--report", scratch, "--peak_tflops", String(peakTflops)],
  ], LIMIT);
  return JSON.parse(await Deno.readTextFile(`${scratch}/kernel.json`)).tables;
}

/** The whole job, and the same by others without pictures, in turns. These may fail: then the rest goes on. */
export async function measureJobOnGpu(job: Job, options: GpuJobOptions): Promise<Table[]> {
  const { runs, scratch, log, publish } = options;
  const args = await torchArgumentsOf(await planOf(job), job, scratch);
  const turns = new InTurns({ ...options, job, device: "gpu", args, limit: LIMIT });
  const coact: Run[] = [];
  let tables: Table[] = [];
  for (let run = 0; run <= runs; run++) {
    const isMeasured = run > 0 || runs === 0; // the first fills the page cache and the driver's of shaders
    const whole = await runCoact(job, `${scratch}/results`, "gpu", LIMIT);
    log(`coact ${seconds(whole.seconds)}`);
    await turns.round(isMeasured);
    if (!isMeasured) continue;
    coact.push(whole);
    tables = [phaseTable("gpu", coact, new Map()), numbersTable(turns.systems), bars(coact, turns)];
    await publish(tables);
  }
  return tables;
}

/** What issue and users hold the job to, and what it takes. */
function bars(coact: readonly Run[], { coact: numbers }: InTurns): Table {
  const row = (name: string, taken: number, bar: number) => [
    `${name}: ${seconds(taken)}`,
    `${bar} s`,
    (taken / bar).toFixed(2),
    "≤ 1",
  ];
  return ratioTable([
    row("language model", median(coact.map(({ phases }) => phases["language model"]!)), BARS.model),
    row("whole job without pictures", medianSeconds(numbers), BARS.numbers),
    row("whole job", medianSeconds(coact), BARS.pictures),
  ]);
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
