/**
 * What a job asks of WebGPU, call by call, and what runs on the GPU, kernel by kernel.
 *
 * @module
 */
import { measureDeno } from "./child.ts";
import { LIMIT } from "./gpu_parts.ts";
import { type KernelTimes, OWN_KERNELS } from "./kernel_timer.ts";
import { percent, type Table } from "./table.ts";
import type { TracedJob } from "./traced_job.ts";
import type { UploadTimes } from "./uploads.ts";
import type { CallTable } from "./webgpu_calls.ts";

/** The calls that are listed first, whether there were any or not, with what counts of them. */
const NAMED: readonly (readonly [name: string, text: string])[] = [
  ["createBuffer", "createBuffer"],
  ["createBuffer, mapped at creation", "createBuffer, mapped at creation"],
  ["getMappedRange", "getMappedRange"],
  ["writeBuffer", "writeBuffer"],
  ["submit", "submit"],
  ["createComputePipelineAsync", "createComputePipelineAsync, until resolved"],
  ["mapAsync", "mapAsync, until resolved"],
];

/** The calls by name, and the GPU's time by kernel, each in a run of its own; and uploads, both ways. */
export async function measureCalls(directory: string): Promise<Table[]> {
  const run = async (what: string): Promise<TracedJob> => {
    const { output } = await measureDeno("bench/traced_job.ts", [directory, what], LIMIT);
    return JSON.parse(output);
  };
  const { calls = {}, backend } = await run("calls");
  const { kernels = {} } = await run("kernels");
  const { output } = await measureDeno("bench/uploads.ts", [], LIMIT);
  return [callTable(calls, backend), kernelTable(kernels), uploadTable(JSON.parse(output))];
}

/** The calls: first those that cost most on real GPUs, then the others by their time. */
export function callTable(calls: CallTable, backend: string): Table {
  const named = new Set(NAMED.map(([name]) => name));
  const others = Object.entries(calls).filter(([name]) => !named.has(name))
    .toSorted(([, a], [, b]) => b.total - a.total);
  const none = { count: 0, total: 0, worst: 0 };
  const all = [
    ...NAMED.map(([name, text]) => [text, calls[name] ?? none] as const),
    ...others,
  ];
  return {
    title: "Calls of WebGPU",
    columns: ["call", "number", "sum", "worst"],
    rows: all.map(([name, { count, total, worst }]) => [
      name,
      count.toLocaleString("en"),
      ...count === 0 ? ["–", "–"] : [milliseconds(total), milliseconds(worst)],
    ]),
    notes: [
      "ONNX Runtime's and coact's own, of the job without pictures. What returns a promise counts " +
      "until the promise is resolved, so that calls that wait at one time are counted side by side: a sum " +
      "may be longer than the run.",
      backend === "webgpu"
        ? "The language model ran on onnxruntime-web."
        : "The language model ran on onnxruntime-node's WebGPU, whose calls and kernels Deno does " +
          "not see: what is here is coact's own.",
    ],
  };
}

/** The kernels by their time on the GPU. */
export function kernelTable(kernels: Readonly<Record<string, KernelTimes>>): Table {
  const sorted = Object.entries(kernels).toSorted(([, a], [, b]) => b.total - a.total);
  const whole = sorted.reduce((sum, [, { total }]) => sum + total, 0);
  return {
    title: "Time on the GPU",
    columns: ["kernel", "whose", "number", "sum", "share"],
    rows: sorted.map(([name, { count, total }]) => [
      name,
      OWN_KERNELS.test(name) ? "coact" : "ONNX Runtime",
      count.toLocaleString("en"),
      milliseconds(total),
      percent(total / whole),
    ]),
    notes: [
      `${milliseconds(whole)} in all, by timestamps around each dispatch, in a pass of its own.`,
    ],
  };
}

/** Uploads through what is mapped at creation, and by `writeBuffer`. */
export function uploadTable({ bytes, mapped, written, isSoftware }: UploadTimes): Table {
  const row = (name: string, seconds: number) => [
    name,
    milliseconds(seconds),
    `${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
  ];
  const isNeeded = mapped > MUCH_SLOWER * written;
  return {
    title: "Uploads",
    columns: ["way", "time", "rate"],
    rows: [
      row("a buffer mapped at creation: getMappedRange, fill, unmap", mapped),
      row("queue.writeBuffer", written),
    ],
    notes: [
      `${
        bytes / 2 ** 20
      } MiB, until the GPU has them. coact lets nothing be mapped at creation: see ` +
      "lib/compute/mapped_at_creation.ts. " +
      (isSoftware
        ? "Whether that is still needed, only a hardware GPU shows."
        : isNeeded
        ? "That is still needed here: Deno reads what it maps."
        : "On this card that is not needed any more: if Deno's source agrees, delete it."),
    ],
  };
}

/** Beyond this ratio one way of uploading is much slower than the other. */
const MUCH_SLOWER = 10;

function milliseconds(value: number): string {
  const shown = 1000 * value;
  return `${shown.toFixed(shown < 10 ? 2 : 0)} ms`;
}
