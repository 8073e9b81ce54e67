/**
 * How fast an SAE is that is larger than one would hold in memory, and how much memory it takes.
 *
 * @module
 */
import { measureDeno } from "./child.ts";
import { mebibytes, seconds, type Table } from "./table.ts";

/** An SAE of Llama's width: 2 GiB of encoder. */
const [FEATURES, WIDTH] = [131_072, 4096];
/** Few hidden states, so that reading counts, and four times as many. */
const STATES = [256, 1024];

/** An encoder of 131,072 features, of few states and of many; its weights are made as they are read. */
export async function measureLargeSae(
  { device, log }: { device: "cpu" | "gpu"; log: (line: string) => void },
): Promise<Table> {
  const rows = [];
  for (const states of STATES) {
    const sizes = [states, FEATURES, WIDTH].map(String);
    const run = await measureDeno("bench/encode_large_sae.ts", [device, ...sizes]);
    const encoding = Number(run.output);
    const tflops = 2 * states * FEATURES * WIDTH / encoding / 1e12;
    log(`${states} states: ${seconds(encoding)}, ${mebibytes(run.peakBytes)}`);
    rows.push([
      `${FEATURES.toLocaleString("en")} × ${WIDTH.toLocaleString("en")}`,
      states.toLocaleString("en"),
      seconds(encoding),
      tflops.toFixed(2),
      mebibytes(run.peakBytes),
    ]);
  }
  return {
    title: "An SAE that is not held in memory",
    columns: ["features × width", "states", "encoding", "TFLOP/s", "peak memory"],
    rows,
    notes: [
      "Its 2 GiB of weights are made when they are read, checks included: no file's speed counts.",
    ],
  };
}
