/**
 * How large the language model's batches are to be, and whether ONNX Runtime's threads are to spin
 * while they wait: on a machine with many cores, both may be otherwise than here.
 *
 * @module
 */
import process from "node:process";
import { openDevice, prepareDevice } from "../lib/compute/device.ts";
import type { OrtRuntime } from "../lib/compute/ort_session.ts";
import { collectHiddenStates } from "../lib/lm/hidden_states.ts";
import { type Job, planOf } from "./job.ts";
import { median } from "./products.ts";
import { seconds, type Table } from "./table.ts";

/** The most nodes of a batch. */
const NODES = [128, 256, 512, 1024, 2048, 4096];
/** So many prompts for each thread: a run takes a few seconds. */
const PROMPTS_A_THREAD = 100;

/** What is run. */
export interface BatchesOptions {
  /** How often each point is measured, after one that does not count. */
  readonly runs: number;
  /** Told what is going on. */
  readonly log: (line: string) => void;
  /** How many prompts. Default: 100 for each thread. */
  readonly prompts?: number;
  /** The most nodes of a batch, each of them a point. */
  readonly nodes?: readonly number[];
}

/** How long a run took. */
interface Taken {
  readonly clock: number;
  readonly processor: number;
}

/** Runs the language model on the CPU with batches of each size, its threads asleep and spinning in turns. */
export async function measureBatches(job: Job, options: BatchesOptions): Promise<Table> {
  const { runs, log, nodes = NODES } = options;
  prepareDevice("cpu");
  const plan = await planOf(job);
  using device = await openDevice("cpu");
  const { runtime } = device;
  const count = options.prompts ?? PROMPTS_A_THREAD * runtime.threads;
  const prompts = plan.prompts.slice(0, count);
  const layers = plan.checkpoints.flatMap(({ layer }) => typeof layer === "number" ? layer : []);
  const run = async (maxBatchNodes: number, spins: boolean): Promise<Taken> => {
    const before = process.cpuUsage();
    const start = performance.now();
    const spinning: OrtRuntime = { ...runtime, spins };
    const options = { layers, runtime: spinning, maxBatchNodes };
    using _states = await collectHiddenStates(plan.model, prompts, options);
    const { user, system } = process.cpuUsage(before);
    return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
  };
  await run(nodes[0]!, false); // fills caches
  const rows = [];
  for (const most of nodes) {
    const taken: Record<"asleep" | "spinning", Taken[]> = { asleep: [], spinning: [] };
    for (let time = 0; time < runs; time++) {
      taken.asleep.push(await run(most, false));
      taken.spinning.push(await run(most, true));
    }
    const of = (how: keyof typeof taken, what: keyof Taken) =>
      seconds(median(taken[how].map((each) => each[what])));
    const cells = [
      ...[of("asleep", "clock"), of("asleep", "processor")],
      ...[of("spinning", "clock"), of("spinning", "processor")],
    ];
    log(`batches of ${most} nodes: ${cells.join(", ")}`);
    rows.push([String(most), ...cells]);
  }
  return {
    title: "The language model by the size of its batches, and by how its threads wait",
    columns: ["nodes at most", "asleep: clock", "processor", "spinning: clock", "processor"],
    rows,
    notes: [
      `${prompts.length} prompts, ${layers.length} layers, ${runtime.threads} threads; medians of ` +
      `${runs}, in turns. The session is made each time. A model in two halves has batches of 256 ` +
      "nodes for each of their threads at most, whatever is asked for. coact takes 1024, asleep.",
    ],
  };
}
