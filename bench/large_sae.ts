/**
 * How fast an SAE is that is larger than one would hold in memory, and how much memory it takes.
 *
 * @module
 */
import { findAdapter } from "../lib/compute/find_adapter.ts";
import { isSoftwareAdapter } from "../lib/compute/gpu_adapter.ts";
import { measureDeno } from "./child.ts";
import { mebibytes, seconds, type Table } from "./table.ts";

/** What is encoded, by what. */
interface LargeSae {
  /** How many features. */
  features: number;
  /** How wide the states are. */
  width: number;
  /** How many states. */
  states: number;
  /** How many features top-k leaves of each; 0: all that are above 0. */
  k: number;
}

/** 2 GiB of encoder at Llama's width. */
const LLAMA = { features: 131_072, width: 4096 };
/** 8.6 GiB at Gemma's, with few states: what counts is that it is read. */
const MILLION: LargeSae = { features: 1_000_000, width: 2304, states: 8, k: 0 };
/** The same where a GPU is a program on the CPU, which takes minutes for a tenth: all chunks are alike. */
const PART = { features: 16_384, width: 4096, states: 64 };
/** In WebAssembly few states: what counts is the encoder. */
const WASM: readonly LargeSae[] = [
  { ...LLAMA, states: 16, k: 0 },
  { ...LLAMA, states: 16, k: 64 },
  MILLION,
];

/** On what is measured. */
interface Place {
  /** What to call it. */
  name: string;
  /** The device to ask for. */
  device: "cpu" | "wasm" | "gpu";
  /** What is encoded there. */
  saes: readonly LargeSae[];
}

/** WebAssembly is for machines without native code. */
const ON_CPU: readonly Place[] = [
  {
    name: "cpu",
    device: "cpu",
    saes: [
      { ...LLAMA, states: 256, k: 0 },
      { ...LLAMA, states: 1024, k: 0 },
      { ...LLAMA, states: 256, k: 64 },
      MILLION,
    ],
  },
  { name: "wasm", device: "wasm", saes: WASM },
];

/** With few states, so that reading counts. */
async function onGpu(): Promise<readonly Place[]> {
  const adapter = await findAdapter();
  const isSoftware = adapter !== null && isSoftwareAdapter(adapter);
  const llama = isSoftware ? PART : { ...LLAMA, states: 64 };
  const million = isSoftware ? { ...MILLION, features: 32_768 } : MILLION;
  const saes = [{ ...llama, k: 0 }, { ...llama, k: 64 }, million];
  return [{ name: isSoftware ? "gpu (none)" : "gpu", device: "gpu", saes }];
}

/** As many runs with next to no weights: what the process takes by itself, its code compiled. */
const EMPTY = { features: 16_384, width: 32, states: 256 };

/** Encoders that are made as they are read, on each device. */
export async function measureLargeSae(
  { device, log }: { device: "cpu" | "gpu"; log: (line: string) => void },
): Promise<Table> {
  const rows = [];
  for (const { name, saes, device: place } of device === "cpu" ? ON_CPU : await onGpu()) {
    const bases = new Map<number, number | undefined>();
    for (const sae of saes) {
      const { features, width, states, k } = sae;
      if (!bases.has(k)) bases.set(k, (await measureOne(place, { ...EMPTY, k })).peakBytes);
      const base = bases.get(k);
      const { encoding, cpuSeconds, peakBytes } = await measureOne(place, sae);
      const row = [
        name,
        `${features.toLocaleString("en")} × ${width.toLocaleString("en")}`,
        k === 0 ? "ReLU" : `top ${k}`,
        states.toLocaleString("en"),
        seconds(encoding),
        cpuSeconds === undefined ? "–" : seconds(cpuSeconds),
        mebibytes(peakBytes),
        mebibytes(base),
        mebibytes(peakBytes && base && peakBytes - base),
      ];
      log(row.join(", "));
      rows.push(row);
    }
  }
  return {
    title: "SAEs that are not held in memory",
    columns: [
      ...["device", "features × width", "activation", "states", "encoding", "processor time"],
      ...["peak memory", "by itself", "more"],
    ],
    rows,
    notes: [
      "Their weights are made when they are read, checks included: no file's speed counts. _By " +
      `itself_: what the same process takes with ${
        EMPTY.features.toLocaleString("en")
      } features of ` +
      `width ${EMPTY.width}; _more_: the SAE, its biases and results, and the states; in _wasm_ also ` +
      "what V8 compiles a second time, for which the small run is too short. _gpu (none)_ is a program " +
      "on the CPU, whose memory is the process's.",
    ],
  };
}

async function measureOne(
  device: Place["device"],
  { features, width, states, k }: LargeSae,
) {
  const args = [device, ...[states, features, width, k].map(String)];
  const run = await measureDeno("bench/encode_large_sae.ts", args);
  return { ...run, encoding: Number(run.output) };
}
