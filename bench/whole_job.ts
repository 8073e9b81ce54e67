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
} from "./products.ts";
import { gigaflops, mebibytes, percent, seconds, type Table } from "./table.ts";

/** How the job is measured. */
export interface WholeJobOptions {
  /** How often, after one run that does not count. */
  runs: number;
  /** A Python with PyTorch, or undefined for no comparison. */
  python: string | undefined;
  /** A directory for what the runs write. */
  scratch: string;
  /** Told what is going on. */
  log: (line: string) => void;
}

/** Measures the job on the CPU. */
export async function measureWholeJob(job: Job, options: WholeJobOptions): Promise<Table[]> {
  const { runs, python, scratch, log } = options;
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

  const coact: Run[] = [];
  const numbersOnly: number[] = [];
  const torch: { seconds: number; peakBytes: number | undefined }[] = [];
  const runtime = { backend: "cpu", threads: navigator.hardwareConcurrency } as const;
  await using bench = await ProductBench.create([...computed, ...saes], runtime);
  for (let run = 0; run <= runs; run++) {
    const isMeasured = run > 0; // the first fills the page cache
    await bench.round();
    const whole = await runCoact(job, `${scratch}/results`, "cpu");
    const numbers = await runNumbersOnly(job, `${scratch}/numbers`, "cpu");
    log(`coact ${seconds(whole.seconds)}, without pictures ${seconds(numbers.seconds)}`);
    if (isMeasured) coact.push(whole);
    if (isMeasured) numbersOnly.push(numbers.seconds);
    if (python === undefined) continue;
    const { seconds: wall, peakBytes, output } = await measure(python, torchArguments, PASSIVE);
    log(`PyTorch ${seconds(wall)}: ${output.trim()}`);
    if (isMeasured) torch.push({ seconds: wall, peakBytes });
  }
  const reference = python === undefined ? undefined : JSON.parse(
    (await measure(python, [...torchArguments, "--reference", "20"], PASSIVE)).output,
  ) as { questions_timed: number; seconds_all: number };

  const { rates } = bench;
  const whole = median(coact.map((run) => run.seconds));
  const alone = { computed: secondsAlone(computed, rates), plain: secondsAlone(plain, rates) };
  const saesAlone = secondsAlone(saes, rates);
  const total = (products: readonly Product[]) => products.reduce((a, p) => a + operations(p), 0);
  const limits = new Map([
    ["language model", { flop: total(computed), alone: alone.computed }],
    ["SAEs", { flop: total(saes), alone: saesAlone }],
  ]);
  return [
    phaseTable(coact, limits),
    {
      title: "Matrix products alone",
      columns: ["product", "rows a batch", "rate"],
      rows: [...computed, ...saes].map(({ name, batchRows, inputs, outputs }, i) => [
        `${name} [${inputs} × ${outputs}]`,
        String(batchRows),
        gigaflops(rates[i]!.rate),
      ]),
      notes: [
        `${counts.prompts} prompts of ${counts.tokens} tokens; ${counts.computed} of them ` +
        `(${
          percent(counts.computed / counts.tokens)
        }) are computed, in ${counts.batches} batches, ` +
        "the rest are beginnings that prompts have in common.",
      ],
    },
    {
      title: "Ratios",
      columns: ["the whole job, median of the runs", "against", "ratio", "bar"],
      rows: [
        [
          seconds(whole),
          `the LM's matrix products, all tokens in all blocks: ${seconds(alone.plain)}`,
          (whole / alone.plain).toFixed(2),
          "≤ 1.3",
        ],
        [
          seconds(whole),
          `those of them that coact computes: ${seconds(alone.computed)}`,
          (whole / alone.computed).toFixed(2),
          "–",
        ],
        ...(torch.length === 0 ? [] : [[
          `${seconds(median(numbersOnly))}, without pictures`,
          `PyTorch: ${seconds(median(torch.map((run) => run.seconds)))}, ` +
          mebibytes(torch.at(-1)!.peakBytes),
          (median(torch.map((run) => run.seconds)) / median(numbersOnly)).toFixed(2),
          "≥ 1.3",
        ]]),
        ...(reference === undefined ? [] : [[
          seconds(whole),
          `the reference's way: ${seconds(reference.seconds_all)}, extrapolated from ` +
          `${reference.questions_timed} questions and one layer`,
          (reference.seconds_all / whole).toFixed(0),
          "≥ 70",
        ]]),
      ],
    },
  ];
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
  runs: readonly Run[],
  limits: ReadonlyMap<string, { flop: number; alone: number }>,
): Table {
  const phases = Object.keys(runs[0]!.phases);
  const secondsOf = (phase: string) => median(runs.map((run) => run.phases[phase]!));
  const whole = median(runs.map((run) => run.seconds));
  const rest = whole - phases.reduce((sum, phase) => sum + secondsOf(phase), 0);
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    title: "The whole job on the CPU",
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
