/**
 * The whole job on the CPU against the limits of the machine and against PyTorch, all in turns, so that a
 * machine that is busy for a while is so for all of them.
 *
 * @module
 */
import type { AnalysisPlan } from "../lib/analysis/plan/plan.ts";
import type { Gpt2Config } from "../lib/lm/architectures/gpt2.ts";
import { MAX_BATCH_NODES } from "../lib/lm/hidden_states.ts";
import { measure } from "./child.ts";
import { type Job, planOf, type Run, runCoact } from "./job.ts";
import { medianSeconds, numbersTable, phaseTable, ratioTable } from "./job_tables.ts";
import {
  computedProducts,
  countTokens,
  median,
  operations,
  plainProducts,
  type Product,
  ProductBench,
  secondsAlone,
  type TokenCounts,
} from "./products.ts";
import { type FoundPython, type NumbersRun, PASSIVE, torchArgumentsOf } from "./pytorch.ts";
import { InTurns } from "./in_turns.ts";
import { gigaflops, percent, seconds, type Table } from "./table.ts";

/** How the job is measured. */
export interface WholeJobOptions {
  /** How often, after one run that does not count. */
  runs: number;
  /** A Python with PyTorch, or undefined for no comparison. */
  python: FoundPython | undefined;
  /** A directory for what the runs write. */
  scratch: string;
  /** Told what is going on. */
  log: (line: string) => void;
  /** Told what failed, and why; the rest goes on without it. */
  failed: (what: string, error: unknown) => Promise<void>;
}

/** Measures the job. */
export async function measureWholeJob(job: Job, options: WholeJobOptions): Promise<Table[]> {
  const { runs, python, scratch, log } = options;
  const plan = await planOf(job);
  const blocks = Math.max(...plan.checkpoints.map(({ layer }) => Number(layer))); // AlignSAE's have numbers
  const prompts = plan.prompts.map((ids) => [...ids]);
  const counts = countTokens(prompts, MAX_BATCH_NODES.cpu);
  const config = plan.model.config as Gpt2Config; // the job's model is one
  const computed = computedProducts(config, blocks, counts);
  const plain = plainProducts(config, blocks, counts);
  const saes = saeProducts(plan);
  const torchArguments = await torchArgumentsOf(plan, job, scratch);
  const turns = new InTurns({ job, device: "cpu", args: torchArguments, ...options });

  const coact: Run[] = [];
  const runtime = { backend: "cpu", threads: navigator.hardwareConcurrency } as const;
  const measured = [...computed, ...saes];
  await using bench = await ProductBench.create(measured, runtime);
  for (let run = 0; run <= runs; run++) {
    const isMeasured = run > 0; // the first fills the page cache
    await bench.round();
    const whole = await runCoact(job, `${scratch}/results`, "cpu");
    log(`coact ${seconds(whole.seconds)}`);
    if (isMeasured) coact.push(whole);
    await turns.round(isMeasured);
  }
  const reference = python === undefined
    ? undefined
    : await timeReference(python.program, torchArguments);
  const { rates } = bench;
  const alone = { computed: secondsAlone(computed, rates), plain: secondsAlone(plain, rates) };
  const limits = new Map([
    ["language model", { flop: total(computed), alone: alone.computed }],
    ["SAEs", { flop: total(saes), alone: secondsAlone(saes, rates) }],
  ]);
  return [
    phaseTable("cpu", coact, limits),
    productTable(measured, rates, counts),
    ratioTable([
      ...productRatios(coact, turns.coact, {
        plain: alone.plain,
        computed: alone.computed + secondsAlone(saes, rates),
        saes: secondsAlone(saes, rates),
      }),
      ...referenceRatios(coact, reference),
    ]),
    numbersTable(turns.systems),
  ];
}

function total(products: readonly Product[]): number {
  return products.reduce((sum, product) => sum + operations(product), 0);
}

function productTable(
  products: readonly Product[],
  rates: readonly { rate: number }[],
  { prompts, tokens, computed, batches }: TokenCounts,
): Table {
  return {
    title: "Matrix products alone",
    columns: ["product", "rows a batch", "rate"],
    rows: products.map(({ name, batchRows, inputs, outputs }, i) => [
      `${name} [${inputs} × ${outputs}]`,
      String(batchRows),
      gigaflops(rates[i]!.rate),
    ]),
    notes: [
      `${prompts} prompts of ${tokens} tokens; ${computed} of them (${
        percent(computed / tokens)
      }) are computed, in ${batches} batches, the rest are beginnings that prompts have in common.`,
    ],
  };
}

/** The whole job, with pictures and without, against its products and against its language model. */
function productRatios(
  runs: readonly Run[],
  numbers: readonly NumbersRun[],
  alone: { plain: number; computed: number; saes: number },
): string[][] {
  const whole = medianSeconds(runs);
  const withoutPictures = medianSeconds(numbers);
  const model = median(runs.map(({ phases }) => phases["language model"]!));
  const saes = median(numbers.map(({ phases }) => phases["SAEs"]!));
  const row = (what: string, taken: number, against: string, other: number, bar: string) => [
    `${what}: ${seconds(taken)}`,
    `${against}: ${seconds(other)}`,
    (taken / other).toFixed(2),
    bar,
  ];
  const plain = "the LM's matrix products, all tokens in all blocks";
  const computed = "the matrix products that coact computes, the SAEs' included";
  return [
    row("whole job", whole, plain, alone.plain, "≤ 1.3"),
    row("whole job", whole, computed, alone.computed, "≤ 1.35 on two cores"),
    row("whole job without pictures", withoutPictures, computed, alone.computed, "–"),
    row("whole job", whole, "its language model", model, "≤ 1.3 on 16 threads"),
    row("SAEs without pictures", saes, "their matrix products", alone.saes, "≤ 1.67 on two cores"),
  ];
}

const SCRIPT = "bench/pytorch_baseline.py";

interface Reference {
  questions_timed: number;
  seconds_all: number;
}

/** The way of AlignSAE's script on some questions, and what all would take. */
async function timeReference(python: string, args: readonly string[]): Promise<Reference> {
  const { output } = await measure(python, [SCRIPT, ...args, "--reference", "20"], PASSIVE);
  return JSON.parse(output);
}

function referenceRatios(runs: readonly Run[], reference: Reference | undefined): string[][] {
  if (reference === undefined) return [];
  const whole = medianSeconds(runs);
  const { questions_timed, seconds_all } = reference;
  return [[
    `whole job: ${seconds(whole)}`,
    `the reference's way: ${
      seconds(seconds_all)
    }, extrapolated from ${questions_timed} questions ` +
    "and one layer",
    (seconds_all / whole).toFixed(0),
    "≥ 70",
  ]];
}

/** The products of the SAEs, in the sizes in which lib/sae/encode/ort_encoder.ts makes them. */
function saeProducts({ checkpoints, prompts }: AnalysisPlan): Product[] {
  const [{ shape }] = checkpoints as [AnalysisPlan["checkpoints"][number]];
  return [{
    name: "SAE",
    rows: prompts.length * checkpoints.length * (shape.featureCount / 4096),
    batchRows: 256,
    inputs: shape.width,
    outputs: 4096,
  }];
}
