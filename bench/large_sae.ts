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

/** 2 GiB of encoder at Llama's width. */
const LLAMA = { features: 131_072, width: 4096 };
/** 8.6 GiB at Gemma's, with few states: what counts is that it is read. */
const MILLION: LargeSae = { features: 1_000_000, width: 2304, states: 8, k: 0 };
/** With few states, so that reading counts, and with many, which a GPU made of software does not do. */
const LARGE = {
  cpu: [
    { ...LLAMA, states: 256, k: 0 },
    { ...LLAMA, states: 1024, k: 0 },
    { ...LLAMA, states: 256, k: 64 },
    MILLION,
  ],
  wasm: [{ ...LLAMA, states: 16, k: 0 }, { ...LLAMA, states: 16, k: 64 }, MILLION],
  gpu: [{ ...LLAMA, states: 64, k: 0 }, { ...LLAMA, states: 64, k: 64 }, MILLION],
} as const satisfies Record<string, readonly LargeSae[]>;
/** As many runs with next to no weights: what the process takes by itself, its code compiled. */
const EMPTY = { features: 16_384, width: 32, states: 256 };

/** On which devices it is measured: WebAssembly is for machines without native code. */
const DEVICES = { cpu: ["cpu", "wasm"], gpu: ["gpu"] } as const;

/** Encoders that are made as they are read, on each device. */
export async function measureLargeSae(
  { device, log }: { device: "cpu" | "gpu"; log: (line: string) => void },
): Promise<Table> {
  const rows = [];
  for (const each of DEVICES[device]) {
    const bases = new Map<number, number | undefined>();
    for (const sae of LARGE[each]) {
      const { features, width, states, k } = sae;
      if (!bases.has(k)) bases.set(k, (await measureOne(each, { ...EMPTY, k })).peakBytes);
      const base = bases.get(k);
      const { encoding, cpuSeconds, peakBytes } = await measureOne(each, sae);
      const row = [
        each,
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
      `width ${EMPTY.width}; _more_: the SAE, its biases and results, and the states.`,
    ],
  };
}

async function measureOne(device: string, { features, width, states, k }: LargeSae) {
  const args = [device, ...[states, features, width, k].map(String)];
  const run = await measureDeno("bench/encode_large_sae.ts", args);
  return { ...run, encoding: Number(run.output) };
}
