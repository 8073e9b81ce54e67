/**
 * How fast the states of other models are, and how much memory they take: models of random weights,
 * each in a process of its own.
 *
 * @module
 */
import { messageOf } from "../lib/base/errors.ts";
import { readDecoder } from "../lib/lm/architectures/mod.ts";
import { weightShapes } from "../lib/lm/decoder_depth.ts";
import { MAX_BATCH_NODES } from "../lib/lm/hidden_states.ts";
import { FINAL } from "../lib/lm/site.ts";
import { measure, measureDeno } from "./child.ts";
import type { GrowthOptions } from "./growth.ts";
import { makeModel } from "./make_model.ts";
import { countTokens, median, type Product, ProductBench } from "./products.ts";
import { gigaflops, mebibytes, percent, seconds, type Table } from "./table.ts";

/** How the models are measured. */
export interface ModelsOptions extends GrowthOptions {
  /** A Python with PyTorch 2.5 or later to compare with. Default: none. */
  readonly python?: string | undefined;
  /** The Hugging Face directory of a model with weights of its own, measured first. Default: none. */
  readonly own?: string | undefined;
  /** Some of {@linkcode MEASURED_MODELS}, in their order there. */
  readonly models: readonly string[];
}

/** The models, and the MiB that each may take; 0 sets no bound. */
const MODELS: readonly (readonly [string, number])[] = [
  ["gpt2", 0],
  ["pythia-160m", 0],
  ["pythia-410m", 0],
  ["smollm2-135m", 0],
  ["qwen3-0.6b", 0],
  ["llama-1b", 0],
  ["gemma2-2b", 3000],
];

/** The names of all of them. */
export const MEASURED_MODELS: readonly string[] = MODELS.map(([name]) => name);

/** How many prompts, of 14 to 24 tokens, of which only the first is common to all. */
const PROMPTS = 300;
const FEWEST_TOKENS = 14;
const LENGTHS = 11;
/** Tokens that all the vocabularies have. */
const TOKENS = 49_000;

/** Those that pytorch_states.py knows. */
const BY_PYTORCH = ["gpt2", "gpt_neox", "llama", "qwen3"];

/** Measures all models, one after the other; each that is made is removed once it is measured. */
export async function measureModels(options: ModelsOptions): Promise<Table> {
  const { scratch, log, own, models } = options;
  const prompts = randomPrompts();
  const ids = `${scratch}/ids.json`;
  await Deno.writeTextFile(ids, JSON.stringify(prompts));
  const rows: string[][] = [];
  const add = async (name: string, directory: string, bound: number) => {
    const measured = await measureModel(directory, { ...options, ids, bound, prompts });
    log(`${name}: ${measured.join(", ")}`);
    rows.push([name, ...measured]);
  };
  if (own !== undefined) await add(`${own.split("/").at(-1)}, its own weights`, own, 0);
  for (const [name, bound] of MODELS) {
    if (!models.includes(name)) continue;
    const directory = `${scratch}/${name}`;
    const parameters = await makeModel(name, directory);
    await add(`${name} (${(parameters / 1e6).toFixed(0)} M)`, directory, bound);
    await Deno.remove(directory, { recursive: true });
  }
  return {
    title: "Other models",
    columns: [
      ...["model", "bound", "states", "processor", "PyTorch", "its processor", "peak memory"],
      ...["rate", "products alone", "share"],
    ],
    rows,
    notes: [
      `Random weights in bfloat16; ${PROMPTS} prompts of ${FEWEST_TOKENS} to ` +
      `${FEWEST_TOKENS + LENGTHS - 1} tokens, of which the first is common to all; the states of ` +
      "all layers, reading and converting the weights included. PyTorch: pytorch_states.py, in turns " +
      "with coact, its threads waiting as it has them. Processor: the time of all threads together, which other programs change less. The " +
      "products are those of the MLP, in turns with the states.",
    ],
  };
}

/** What a run says of itself. */
interface StatesRun {
  /** How long it took. */
  readonly seconds: number;
  /** The time of all its threads. */
  readonly processor: number;
}

async function measureModel(
  directory: string,
  { ids, bound, prompts, runs, python, log }: ModelsOptions & {
    ids: string;
    bound: number;
    prompts: readonly number[][];
  },
): Promise<string[]> {
  const decoder = await readDecoder(`${directory}/config.json`);
  const { model_type, n_layer } = decoder.config;
  const matrices = [...weightShapes(decoder, [FINAL])]
    .filter(([name, shape]) => shape.length === 2 && /^(h|layers)\./.test(name));
  const elements = matrices.reduce((sum, [, [a, b]]) => sum + a! * b!, 0);
  const { computed, batches } = countTokens(prompts, MAX_BATCH_NODES.cpu);
  // the last block has products for the last tokens only; that is left out in its favour
  const operations = 2 * computed * elements * (1 - 1 / n_layer);
  const [, largest] = matrices.reduce((a, b) => b[1][0]! * b[1][1]! > a[1][0]! * a[1][1]! ? b : a);
  const [outputs, inputs] = largest as [number, number];
  const product: Product = {
    name: "MLP",
    rows: computed,
    batchRows: Math.round(computed / batches),
    inputs,
    outputs,
  };
  const runtime = { backend: "cpu", threads: navigator.hardwareConcurrency } as const;
  await using bench = await ProductBench.create([product], runtime);
  let compared = bound === 0 && BY_PYTORCH.includes(model_type) ? python : undefined;
  const states: StatesRun[] = [];
  const torch: StatesRun[] = [];
  let peak: number | undefined;
  for (let run = 0; run <= runs; run++) {
    await bench.round();
    if (compared !== undefined) {
      const args = ["bench/pytorch_states.py", directory, ids];
      try {
        torch.push(JSON.parse((await measure(compared, args)).output));
      } catch (error) {
        log(`PyTorch: ${messageOf(error)}`); // older than 2.5, or out of memory: coact goes on alone
        compared = undefined;
      }
    }
    const args = [directory, ids, "cpu", String(bound)];
    const { output, peakBytes } = await measureDeno("bench/model_states.ts", args);
    states.push(JSON.parse(output));
    peak = peakBytes;
  }
  const [ours, theirs] = [states, torch].map((all) => medianOf(all.slice(1))); // one fills the page cache
  const rate = operations / ours!.seconds;
  const { rate: alone } = bench.rates[0]!;
  return [
    bound === 0 ? "–" : `${bound} MiB`,
    ...shown(ours),
    ...shown(compared && theirs),
    mebibytes(peak),
    gigaflops(rate),
    gigaflops(alone),
    percent(rate / alone),
  ];
}

function medianOf(runs: readonly StatesRun[]): StatesRun {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    processor: median(runs.map(({ processor }) => processor)),
  };
}

function shown(run: StatesRun | "" | undefined): string[] {
  return run ? [seconds(run.seconds), seconds(run.processor)] : ["–", "–"];
}

/** The same each time. */
function randomPrompts(): number[][] {
  let state = 1;
  const below = (end: number) => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223 >>> 0;
    return Math.floor(state / 2 ** 32 * end);
  };
  return Array.from({ length: PROMPTS }, () => [
    2,
    ...Array.from({ length: FEWEST_TOKENS - 1 + below(LENGTHS) }, () => below(TOKENS)),
  ]);
}
