/**
 * The whole job against the limits of the machine and against PyTorch, all in turns, so that a
 * machine that is busy for a while is so for all of them.
 *
 * @module
 */
import type { AnalysisPlan } from "../lib/analysis_plan.ts";
import { MAX_BATCH_NODES } from "../lib/lm/hidden_states.ts";
import { measure } from "./child.ts";
import { type Job, planOf, type Run, runCoact, runNumbersOnly } from "./job.ts";
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
import { gigaflops, mebibytes, percent, seconds, type Table } from "./table.ts";

/** How the job is measured. */
export interface WholeJobOptions {
  /** How often, after one run that does not count. */
  runs: number;
  /** A Python with PyTorch, or undefined for no comparison. */
  python: string | undefined;
  /** Where coact and PyTorch compute. */
  device: "cpu" | "gpu";
  /** A directory for what the runs write. */
  scratch: string;
  /** Told what is going on. */
  log: (line: string) => void;
}

/** A run of the PyTorch baseline. */
interface TorchRun {
  seconds: number;
  peakBytes: number | undefined;
  phases: Record<string, number>;
}

/** Measures the job. What the machine's limit is, is measured on a CPU only. */
export async function measureWholeJob(job: Job, options: WholeJobOptions): Promise<Table[]> {
  const { runs, python, device, scratch, log } = options;
  const plan = await planOf(job);
  const blocks = Math.max(...plan.checkpoints.map(({ layer }) => layer));
  const prompts = plan.prompts.map((ids) => [...ids]);
  const counts = countTokens(prompts, MAX_BATCH_NODES.cpu);
  const { config } = plan.model;
  const computed = computedProducts(config, blocks, counts);
  const plain = plainProducts(config, blocks, counts);
  const saes = saeProducts(plan);
  const promptsFile = `${scratch}/prompts.json`;
  await Deno.writeTextFile(
    promptsFile,
    JSON.stringify({ prompts, groups: plan.sample.groupSizes }),
  );
  const layers = plan.checkpoints.map(({ layer }) => layer).join(",");
  const torchArguments = ["bench/pytorch_baseline.py", job.lm, job.saes, promptsFile, layers];
  const torchDevice = device === "gpu" ? ["--cuda"] : [];

  const coact: Run[] = [];
  const numbersOnly: number[] = [];
  const torch: TorchRun[] = [];
  const runtime = { backend: "cpu", threads: navigator.hardwareConcurrency } as const;
  const measured = device === "cpu" ? [...computed, ...saes] : [];
  await using bench = await ProductBench.create(measured, runtime);
  for (let run = 0; run <= runs; run++) {
    const isMeasured = run > 0; // the first fills the page cache
    await bench.round();
    const whole = await runCoact(job, `${scratch}/results`, device);
    const numbers = await runNumbersOnly(job, `${scratch}/numbers`, device);
    log(`coact ${seconds(whole.seconds)}, without pictures ${seconds(numbers.seconds)}`);
    if (isMeasured) coact.push(whole);
    if (isMeasured) numbersOnly.push(numbers.seconds);
    if (python === undefined) continue;
    const { seconds: wall, peakBytes, output } = await measure(
      python,
      [...torchArguments, ...torchDevice],
      PASSIVE,
    );
    log(`PyTorch ${seconds(wall)}: ${output.trim()}`);
    const phases = JSON.parse(output).seconds;
    if (isMeasured) torch.push({ seconds: wall, peakBytes, phases });
  }
  const reference = python === undefined || device === "gpu"
    ? undefined
    : await timeReference(python, torchArguments);
  if (device === "gpu") {
    const ratios = [...torchRatios(coact, numbersOnly, torch)];
    return [phaseTable(device, coact, new Map()), ratioTable(ratios)];
  }
  const { rates } = bench;
  const alone = { computed: secondsAlone(computed, rates), plain: secondsAlone(plain, rates) };
  const limits = new Map([
    ["language model", { flop: total(computed), alone: alone.computed }],
    ["SAEs", { flop: total(saes), alone: secondsAlone(saes, rates) }],
  ]);
  return [
    phaseTable(device, coact, limits),
    productTable(measured, rates, counts),
    ratioTable([
      ...productRatios(coact, alone),
      ...torchRatios(coact, numbersOnly, torch),
      ...referenceRatios(coact, reference),
    ]),
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

function ratioTable(rows: readonly string[][]): Table {
  return { title: "Ratios", columns: ["coact, median", "against", "ratio", "bar"], rows };
}

function wholeOf(runs: readonly { seconds: number }[]): number {
  return median(runs.map((run) => run.seconds));
}

function productRatios(runs: readonly Run[], alone: { plain: number; computed: number }) {
  const whole = wholeOf(runs);
  return [
    [
      `whole job: ${seconds(whole)}`,
      `the LM's matrix products, all tokens in all blocks: ${seconds(alone.plain)}`,
      (whole / alone.plain).toFixed(2),
      "≤ 1.3",
    ],
    [
      `whole job: ${seconds(whole)}`,
      `those of them that coact computes: ${seconds(alone.computed)}`,
      (whole / alone.computed).toFixed(2),
      "–",
    ],
  ];
}

function torchRatios(
  runs: readonly Run[],
  numbersOnly: readonly number[],
  torch: readonly TorchRun[],
): string[][] {
  if (torch.length === 0) return [];
  const numbers = median(numbersOnly);
  const whole = wholeOf(torch);
  const lm = median(runs.map(({ phases }) => phases["language model"]!));
  const torchLm = median(torch.map(({ phases }) => phases["language model"]!));
  const peak = mebibytes(torch.at(-1)!.peakBytes);
  return [
    [
      `whole job without pictures: ${seconds(numbers)}`,
      `PyTorch: ${seconds(whole)}, ${peak}`,
      (whole / numbers).toFixed(2),
      "≥ 1.3",
    ],
    [
      `language model: ${seconds(lm)}`,
      `PyTorch's: ${seconds(torchLm)}`,
      (torchLm / lm).toFixed(2),
      "–",
    ],
  ];
}

interface Reference {
  questions_timed: number;
  seconds_all: number;
}

/** The usual script's way on some questions, and what all would take. */
async function timeReference(python: string, args: readonly string[]): Promise<Reference> {
  const { output } = await measure(python, [...args, "--reference", "20"], PASSIVE);
  return JSON.parse(output);
}

function referenceRatios(runs: readonly Run[], reference: Reference | undefined): string[][] {
  if (reference === undefined) return [];
  const whole = wholeOf(runs);
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

/** Idle OpenMP threads that spin take the cores from BLAS: PyTorch is three times slower then. */
const PASSIVE = { OMP_WAIT_POLICY: "PASSIVE" };

/** The products of the SAEs, in the sizes in which lib/sae/ort_encoder.ts makes them. */
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

function phaseTable(
  device: string,
  runs: readonly Run[],
  limits: ReadonlyMap<string, { flop: number; alone: number }>,
): Table {
  const phases = Object.keys(runs[0]!.phases);
  const secondsOf = (phase: string) => median(runs.map((run) => run.phases[phase]!));
  const whole = median(runs.map((run) => run.seconds));
  const rest = whole - phases.reduce((sum, phase) => sum + secondsOf(phase), 0);
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    title: `The whole job, --device ${device}`,
    columns: ["phase", "time", "rate", "share of the machine's limit", "peak memory"],
    rows: [
      ...phases.map((phase) => {
        const taken = secondsOf(phase);
        const limit = limits.get(phase);
        return [
          phase,
          seconds(taken),
          limit === undefined ? "–" : gigaflops(limit.flop / taken),
          limit === undefined ? "–" : percent(limit.alone / taken),
          "",
        ];
      }),
      ["start and end of the process", seconds(rest), "–", "–", ""],
      ["whole process", seconds(whole), "–", "–", peaks.length ? mebibytes(median(peaks)) : "–"],
    ],
    notes: [
      `Medians of ${runs.length} runs of ${seconds(Math.min(...runs.map((r) => r.seconds)))} to ` +
      `${seconds(Math.max(...runs.map((r) => r.seconds)))}, after one that does not count. The ` +
      "limit of a phase is the time of its matrix products alone." +
      (peaks.length ? "" : " Peak memory is measured on Linux only."),
    ],
  };
}
