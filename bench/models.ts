/**
 * How fast the states of other models are, and how much memory they take: models of random weights,
 * each in a process of its own.
 *
 * @module
 */
import { readDecoder } from "../lib/lm/architectures/mod.ts";
import { weightShapes } from "../lib/lm/decoder_depth.ts";
import { MAX_BATCH_NODES } from "../lib/lm/hidden_states.ts";
import { FINAL } from "../lib/lm/site.ts";
import { measureDeno } from "./child.ts";
import type { GrowthOptions } from "./growth.ts";
import { makeModel } from "./make_model.ts";
import { countTokens, median, type Product, ProductBench } from "./products.ts";
import { gigaflops, mebibytes, percent, seconds, type Table } from "./table.ts";

/** The models, and the MiB that each may take; 0 sets no bound. */
const MODELS: readonly (readonly [string, number])[] = [
  ["gpt2", 0],
  ["pythia-160m", 0],
  ["smollm2-135m", 0],
  ["qwen3-0.6b", 0],
  ["llama-1b", 0],
  ["gemma2-2b", 3000],
];

/** How many prompts, of 14 to 24 tokens, of which only the first is common to all. */
const PROMPTS = 300;
const FEWEST_TOKENS = 14;
const LENGTHS = 11;
/** Tokens that all the vocabularies have. */
const TOKENS = 49_000;

/** Measures all models, one after the other; each is removed once it is measured. */
export async function measureModels({ runs, scratch, log }: GrowthOptions): Promise<Table> {
  const prompts = randomPrompts();
  const ids = `${scratch}/ids.json`;
  await Deno.writeTextFile(ids, JSON.stringify(prompts));
  const rows = [];
  for (const [name, bound] of MODELS) {
    const directory = `${scratch}/${name}`;
    const parameters = await makeModel(name, directory);
    const measured = await measureModel(directory, { ids, bound, prompts, runs });
    log(`${name}: ${measured.join(", ")}`);
    rows.push([`${name} (${(parameters / 1e6).toFixed(0)} M)`, ...measured]);
    await Deno.remove(directory, { recursive: true });
  }
  return {
    title: "Other models",
    columns: ["model", "bound", "states", "peak memory", "rate", "products alone", "share"],
    rows,
    notes: [
      `Random weights in bfloat16; ${PROMPTS} prompts of ${FEWEST_TOKENS} to ` +
      `${FEWEST_TOKENS + LENGTHS - 1} tokens, of which the first is common to all; the states of ` +
      "all layers, reading and converting the weights included. The products are those of the MLP, " +
      "in turns with the states.",
    ],
  };
}

async function measureModel(
  directory: string,
  { ids, bound, prompts, runs }: {
    ids: string;
    bound: number;
    prompts: readonly number[][];
    runs: number;
  },
): Promise<string[]> {
  const decoder = await readDecoder(`${directory}/config.json`);
  const matrices = [...weightShapes(decoder, [FINAL])]
    .filter(([name, shape]) => shape.length === 2 && /^(h|layers)\./.test(name));
  const elements = matrices.reduce((sum, [, [a, b]]) => sum + a! * b!, 0);
  const { computed, batches } = countTokens(prompts, MAX_BATCH_NODES.cpu);
  // the last block has products for the last tokens only; that is left out in its favour
  const operations = 2 * computed * elements * (1 - 1 / decoder.config.n_layer);
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
  const times: number[] = [];
  let peak: number | undefined;
  for (let run = 0; run <= runs; run++) {
    await bench.round();
    const args = [directory, ids, "cpu", String(bound)];
    const { output, peakBytes } = await measureDeno("bench/model_states.ts", args);
    if (run === 0) continue; // it fills the page cache
    times.push(JSON.parse(output).seconds);
    peak = peakBytes;
  }
  const rate = operations / median(times);
  const { rate: alone } = bench.rates[0]!;
  return [
    bound === 0 ? "–" : `${bound} MiB`,
    seconds(median(times)),
    mebibytes(peak),
    gigaflops(rate),
    gigaflops(alone),
    percent(rate / alone),
  ];
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
