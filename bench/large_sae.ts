/**
 * How fast an SAE is that is larger than one would hold in memory, and how much memory it takes.
 *
 * @module
 */
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

/** 2 GiB of encoder at Llama's width, with few states, so that reading counts, and with many. */
const LLAMA = { features: 131_072, width: 4096 };
const LARGE: readonly LargeSae[] = [
  { ...LLAMA, states: 256, k: 0 },
  { ...LLAMA, states: 1024, k: 0 },
  { ...LLAMA, states: 256, k: 64 },
  { features: 1_000_000, width: 2304, states: 64, k: 0 }, // 8.6 GiB
];
/** As many runs with next to no weights: what the process takes by itself, its code compiled. */
const EMPTY: LargeSae = { features: 131_072, width: 32, states: 256, k: 0 };

/** On which devices how many of them are measured: WebAssembly, for machines without native code, is slow. */
const DEVICES = { cpu: { cpu: LARGE.length, wasm: 1 }, gpu: { gpu: LARGE.length } } as const;

/** Encoders that are made as they are read, on each device. */
export async function measureLargeSae(
  { device, log }: { device: "cpu" | "gpu"; log: (line: string) => void },
): Promise<Table> {
  const rows = [];
  for (const [each, count] of Object.entries(DEVICES[device])) {
    const base = await measureOne(each, EMPTY);
    for (const sae of LARGE.slice(0, count)) {
      const { features, width, states, k } = sae;
      const { encoding, peakBytes } = await measureOne(each, sae);
      const tflops = 2 * states * features * width / encoding / 1e12;
      const more = peakBytes && base.peakBytes && peakBytes - base.peakBytes;
      const row = [
        each,
        `${features.toLocaleString("en")} × ${width.toLocaleString("en")}`,
        k === 0 ? "ReLU" : `top ${k}`,
        states.toLocaleString("en"),
        seconds(encoding),
        tflops.toFixed(3),
        mebibytes(peakBytes),
        mebibytes(more),
      ];
      log(row.join(", "));
      rows.push(row);
    }
  }
  return {
    title: "SAEs that are not held in memory",
    columns: [
      ...["device", "features × width", "activation", "states", "encoding", "TFLOP/s"],
      ...["peak memory", "of it the SAE's and the states'"],
    ],
    rows,
    notes: [
      "Their weights are made when they are read, checks included: no file's speed counts. The last " +
      "column leaves out what the same process takes with an SAE of width 32.",
    ],
  };
}

async function measureOne(
  device: string,
  { features, width, states, k }: LargeSae,
): Promise<{ encoding: number; peakBytes: number | undefined }> {
  const args = [device, ...[states, features, width, k].map(String)];
  const run = await measureDeno("bench/encode_large_sae.ts", args);
  return { encoding: Number(run.output), peakBytes: run.peakBytes };
}
