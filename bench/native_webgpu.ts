/**
 * The language model on onnxruntime-web's WebGPU and on onnxruntime-node's native one, in turns, and
 * how far apart their hidden states are. The second brings a device of its own and wants a real GPU:
 * where the choice of the program is not to try it, it is not tried here. Prints JSON.
 *
 *     deno run --no-prompt --allow-all bench/native_webgpu.ts /tmp/job
 *
 * @module
 */
import { openDevice } from "../lib/compute/device.ts";
import { tryNativeWebGpu } from "../lib/compute/native_webgpu.ts";
import type { OrtBackend } from "../lib/compute/ort_backend.ts";
import { messageOf } from "../lib/base/errors.ts";
import { collectHiddenStates } from "../lib/lm/hidden_states.ts";
import type { StateStore } from "../lib/lm/state_store.ts";
import { fullJob, planOf } from "./job.ts";

/** The seconds of each round, and what is beside them. */
export interface NativeTimes {
  /** Of onnxruntime-web's. */
  web: number[];
  /** Of onnxruntime-node's. */
  native: number[];
  /** Why onnxruntime-node's failed, if it did; the other goes on. */
  failure: string | undefined;
  /** The seconds of opening the device: the first time, with the trial, and once more. */
  opening: [number, number];
  /** What `gpu` takes here, and why. */
  choice: string;
  /** The greatest difference of a hidden state, as a fraction of the largest of its layer. */
  difference: number | undefined;
}

/** How often each computes; once where the GPU is a program on the CPU, which is no guide. */
const ROUNDS = { hardware: 3, software: 1 } as const;

async function timed<T>(work: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

/** The greatest difference of two layers' states, as a fraction of the largest. */
function differenceOf(a: StateStore, b: StateStore, layers: readonly number[]): number {
  return Math.max(...layers.map((layer) => {
    const [one, other] = [a.layer(layer), b.layer(layer)];
    let [largest, difference] = [0, 0];
    for (let row = 0; row < one.count; row++) {
      const [left, right] = [one.read(row, 1), other.read(row, 1)];
      left.forEach((value, i) => {
        largest = Math.max(largest, Math.abs(value));
        difference = Math.max(difference, Math.abs(value - right[i]!));
      });
    }
    return difference / largest;
  }));
}

if (import.meta.main) {
  const { model, prompts, checkpoints } = await planOf(fullJob(Deno.args[0] ?? "/tmp/job"));
  const layers = checkpoints.map(({ layer }) => Number(layer)); // AlignSAE's have numbers
  const times: NativeTimes = {
    ...{
      web: [],
      native: [],
      failure: undefined,
      opening: [0, 0],
      choice: "",
      difference: undefined,
    },
  };
  const [first, chosen] = await timed(() => openDevice("gpu"));
  using _chosen = chosen;
  const [second, again] = await timed(() => openDevice("gpu"));
  again[Symbol.dispose]();
  times.opening = [first, second];
  // as an analysis would choose
  times.choice = `${chosen.runtime.backend}: ${chosen.reason}`;
  const isHardware = !chosen.gpu!.isSoftware;
  times.failure = isHardware
    ? (await tryNativeWebGpu()).failure
    : "the GPU is a program on the CPU";
  const run = async (backend: OrtBackend) => {
    using device = await openDevice("gpu");
    const runtime = { ...device.runtime, backend };
    return await timed(() => collectHiddenStates(model, prompts, { layers, runtime }));
  };
  for (let round = 0; round < ROUNDS[isHardware ? "hardware" : "software"]; round++) {
    const [seconds, web] = await run("webgpu");
    using _web = web;
    times.web.push(seconds);
    if (times.failure !== undefined) continue;
    try {
      const [seconds, native] = await run("webgpu-native");
      using _native = native;
      times.native.push(seconds);
      times.difference = differenceOf(web, native, layers);
    } catch (error) {
      times.failure = messageOf(error);
    }
  }
  console.log(JSON.stringify(times));
}
