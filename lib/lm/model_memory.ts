/**
 * How much memory a language model's weights may take.
 *
 * @module
 */
import { isNative } from "../compute/ort_backend.ts";
import type { OrtRuntime } from "../compute/ort_session.ts";

/** The share of free memory that a model may take where nothing else is said. */
const SHARE = 3 / 4;
/** What the program, the states and the numbers of a batch may take besides the weights, in bytes. */
const BESIDES = 2 ** 29;
/** What WebAssembly can hold of weights: its memory ends at 4 GiB, and computing takes some of it. */
const MOST_IN_WEBASSEMBLY = 3 * 2 ** 30;

/** What bounds a model. */
export interface ModelMemoryOptions {
  /** What it runs on. */
  readonly runtime: OrtRuntime;
  /** How many bytes it may take in all. Default: three quarters of what is free. */
  readonly maxMemory?: number | undefined;
}

/**
 * How many bytes weights may take: of the memory for the model half a GiB is kept for the rest, or
 * half of it where it is small.
 */
export function memoryForWeights({ runtime, maxMemory }: ModelMemoryOptions): number {
  const all = maxMemory ?? freeMemory() * SHARE;
  const most = isNative(runtime.backend) ? Infinity : MOST_IN_WEBASSEMBLY;
  return Math.min(all - Math.min(BESIDES, all / 2), most);
}

/** How much memory a model has to be allowed for its weights to have so many bytes of it. */
export function withTheRest(weights: number): number {
  return weights + Math.min(BESIDES, weights);
}

/** How many bytes are free; infinite where Deno may not ask. */
function freeMemory(): number {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  return state === "granted" ? Deno.systemMemoryInfo().available : Infinity;
}
