/**
 * What a benchmark ran on: machine, drivers and versions.
 *
 * @module
 */
import { openDevice } from "../lib/compute/device.ts";
import { versions } from "../lib/base/version.ts";
import { measure } from "./child.ts";

/** The float32 peaks of cards in TFLOP/s without tensor cores, from their data sheets. */
const PEAKS: readonly [card: RegExp, tflops: number][] = [
  [/H100.*(PCIe|NVL)/, 51],
  [/H100|H200/, 67],
  [/A100/, 19.5],
  [/L40S/, 91.6],
  [/\bL4\b/, 30.3],
  [/\bA10\b/, 31.2],
  [/\bT4\b/, 8.1],
  [/V100.*SXM/, 15.7],
  [/RTX 4090/, 82.6],
];

/** The float32 peak of a card by its name, in TFLOP/s; 0 if it is not known. */
export function peakOf(card: string): number {
  return PEAKS.find(([pattern]) => pattern.test(card))?.[1] ?? 0;
}

/** The facts about this machine; those about the GPU only where that is measured. */
export async function factsOf(device: "cpu" | "gpu"): Promise<string[]> {
  const { coact, deno, ...others } = versions();
  return [
    new Date().toISOString().slice(0, 10),
    `${processorName()}, ${navigator.hardwareConcurrency} threads`,
    `${Math.round(Deno.systemMemoryInfo().total / 2 ** 30)} GiB`,
    ...(device === "gpu" ? [await gpuName(), ...await nvidiaDriver()] : []),
    `coact ${coact}, Deno ${deno}, onnxruntime-node ${others["onnxruntime-node"]}`,
  ];
}

/** What WebGPU calls the GPU. @throws {InputError} If there is none. */
export async function gpuName(): Promise<string> {
  using device = await openDevice("gpu");
  return device.name;
}

/** The names, drivers and memory of NVIDIA's cards, from their own program, if it is there. */
async function nvidiaDriver(): Promise<string[]> {
  const fields = "name,driver_version,memory.total,clocks.max.sm";
  try {
    const { output } = await measure("nvidia-smi", [
      ...[`--query-gpu=${fields}`, "--format=csv,noheader"],
    ]);
    return output.trim().split("\n").map((line) => {
      const [name, driver, memory, clock] = line.split(", ");
      return `${name}, driver ${driver}, ${memory}, at most ${clock}`;
    });
  } catch {
    return [];
  }
}

function processorName(): string {
  try {
    return /^model name\s*: (.*)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1] ??
      Deno.build.arch;
  } catch {
    return Deno.build.arch;
  }
}
