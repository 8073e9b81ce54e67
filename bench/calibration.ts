/**
 * Whether the statistics keep their word: runs in which nothing is to be found, made of a real one by
 * permuting the groups' names within each person, and how often intervals hold the truth.
 *
 * @module
 */
import {
  encodeStates,
  openDevice,
  openSae,
  permutedGroups,
  personBlocks,
  planAnalysis,
} from "../mod.ts";
import { collectHiddenStates } from "../lib/lm/hidden_states.ts";
import { sortedLog10Q } from "../lib/stats/benjamini_hochberg.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { selectivityDesign } from "../lib/stats/selectivity/design.ts";
import { roomForSelectivity, SelectivityMeter } from "../lib/stats/selectivity/selectivity.ts";
import { crossedCalibration } from "./crossed_calibration.ts";
import type { GrowthOptions } from "./growth.ts";
import { narrowCalibration } from "./narrow_calibration.ts";
import type { Table } from "./table.ts";
import { unequalCalibration } from "./unequal_calibration.ts";
import { unequalLabels } from "./unequal_labels.ts";
import { unequalLists } from "./unequal_lists.ts";

/** How many null runs there are, and of which layers of the demo. */
const RUNS = 200;
const LAYERS = Array.from({ length: 12 }, (_, layer) => layer);
/** A test is a discovery if its q is at most this, and its interval clear. */
const LOG10_Q = Math.log10(0.05);
/** How many draws of known laws there are. */
const DRAWS = 2000;

/** Measures null runs of the demo, and intervals of drawn activations. */
export async function measureCalibration({ log }: Pick<GrowthOptions, "log">): Promise<Table[]> {
  const nulls = await nullRuns(RUNS, log);
  const rows = [];
  for (const persons of [20, 50, 200, 500]) {
    for (const [density, shift] of [[1, 0], [1, 1], [0.22, 1], [0.06, 1]] as const) {
      const row = coverage(persons, density, shift, DRAWS);
      log(row.join(", "));
      rows.push(row);
    }
  }
  return [
    {
      title: "Null runs",
      columns: ["layer", "runs", "tests each", "with a discovery", "with a q of at most .05"],
      rows: nulls,
      notes: [
        "The demo's layers, relations permuted within persons, in a run alike at all layers; q is over the " +
        "tests of one layer, and in the last row over those of all.",
      ],
    },
    {
      title: "Coverage of the 95 % intervals",
      columns: [
        "persons",
        "active",
        "true AUROC",
        "AUROC's interval holds",
        "difference's",
        "have an interval",
      ],
      rows,
      notes: [`${DRAWS} draws each; without an interval if fewer than ten persons are active.`],
    },
    crossedCalibration(),
    narrowCalibration(),
    unequalCalibration(),
    unequalLabels(),
    unequalLists(),
  ];
}

/** What a null run finds: log10 of each test's p, and whether its interval is without ½. */
interface NullRun {
  readonly log10P: Float64Array;
  readonly isClear: Uint8Array;
}

/** Null runs, layer by layer and of all layers together. */
async function nullRuns(runs: number, log: GrowthOptions["log"]): Promise<string[][]> {
  const plan = await planAnalysis({
    lmModel: "demo/lm",
    saeDirectory: "demo/sae",
    questionFile: "demo/data/qa_test_id.jsonl",
    layers: LAYERS,
    samplesPerRelation: 125,
    threshold: 0.1,
  });
  using device = await openDevice("cpu");
  using states = await collectHiddenStates(plan.model, plan.prompts, {
    sites: plan.checkpoints.map(({ site }) => site),
    runtime: device.runtime,
  });
  const names = plan.sample.questions.map(({ person }) => person!);
  const persons = names.map((name) => names.indexOf(name));
  const groups = plan.sample.groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
  const blocks = personBlocks(groups, persons);
  const questions = plan.prompts.length;
  const all: NullRun[][] = [];
  const rows: string[][] = [];
  const put = (row: string[]) => {
    log(row.join(", "));
    rows.push(row);
  };
  for (const [layer, { site }] of plan.checkpoints.entries()) {
    const sae = await (await openSae(`demo/sae/layer${layer}`)).read();
    const encoded = await encodeStates(sae, states.at(site), { device });
    const { featureCount } = sae;
    const columns = Array.from(
      { length: featureCount },
      (_, feature) =>
        Float32Array.from({ length: questions }, (_, i) => encoded[i * featureCount + feature]!),
    );
    const found = permutedGroups(blocks, { permutations: runs, seed: 1 }).map((groupOf) => {
      const permuted = Array.from(blocks.blockOf, (block) => groupOf[block]!);
      return nullRun(columns, permuted, { persons, groupCount: blocks.groupCount });
    });
    all.push([...found]);
    put(foundIn(`layer ${layer}`, all.at(-1)!.map((run) => [run])));
  }
  put(foundIn("all", all[0]!.map((_, run) => all.map((layer) => layer[run]!))));
  return rows;
}

/** What is found at a layer, `[groups, features]`. */
function nullRun(
  columns: readonly Float32Array[],
  groups: readonly number[],
  asked: { persons: readonly number[]; groupCount: number },
): NullRun {
  const meter = new SelectivityMeter(selectivityDesign(groups, asked), { threshold: 0.1 });
  const found = roomForSelectivity(asked.groupCount, columns.length);
  for (const [feature, column] of columns.entries()) {
    meter.measure(column, found, { feature, featureCount: columns.length });
  }
  const { log10_p, auroc_low, auroc_high } = found;
  return {
    log10P: log10_p.slice(),
    isClear: Uint8Array.from(auroc_low, (low, i) => Number(low > 0.5 || auroc_high[i]! < 0.5)),
  };
}

/** How many runs there are, of how many tests; how many end in a discovery, and in a low q. */
function foundIn(what: string, runs: readonly (readonly NullRun[])[]): string[] {
  let [tests, discovering, significant] = [0, 0, 0];
  for (const run of runs) {
    const sorted = Float64Array.from(run.flatMap(({ log10P }) => [...log10P])).sort();
    tests = sorted.length;
    const border = sorted[sortedLog10Q(sorted).findLastIndex((q) => q <= LOG10_Q)];
    if (border === undefined) continue;
    significant++;
    const isFound = ({ log10P, isClear }: NullRun) =>
      log10P.some((p, cell) => p <= border && isClear[cell] === 1);
    if (run.some(isFound)) discovering++;
  }
  return [what, ...[runs.length, tests, discovering, significant].map(String)];
}

/** How often the 95 % intervals of AUROC and difference hold the truth, and how often there is one. */
function coverage(
  persons: number,
  density: number,
  shift: number,
  repeats: number,
): string[] {
  const random = new SeededRandom(persons);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const groupCount = 6;
  const groups = Array.from({ length: persons * groupCount }, (_, i) => Math.floor(i / persons));
  const of = groups.map((_, i) => i % persons);
  const design = selectivityDesign(groups, { persons: of });
  const meter = new SelectivityMeter(design, { threshold: 0 });
  const draw = (effects: readonly number[]) =>
    Float32Array.from(groups, (group, i) => {
      const value = normal() * Math.SQRT1_2 + effects[of[i]!]! * Math.SQRT1_2;
      if (density === 1) return value + (group === 0 ? shift : 0);
      return uniform() < density * (group === 0 ? 1 + shift : 1) ? Math.abs(value) + 1 : 0;
    });
  const effects = () => Array.from({ length: persons }, normal);
  // The truth: of a difference from the law, of an AUROC from very many persons.
  const truth = { auroc: 0, difference: 0 };
  const large = 4000;
  const one = roomForSelectivity(groupCount, 1);
  const at = { feature: 0, featureCount: 1 };
  const trials = Math.ceil(large * 40 / persons);
  for (let i = 0; i < trials; i++) {
    meter.measure(draw(effects()), one, at);
    truth.auroc += one.auroc[0]! / trials;
    truth.difference += (one.mean_in[0]! - one.mean_out[0]!) / trials;
  }
  const held = { auroc: 0, difference: 0, there: 0 };
  for (let i = 0; i < repeats; i++) {
    const room = roomForSelectivity(groupCount, 1);
    meter.measure(draw(effects()), room, at);
    if (Number.isNaN(room.auroc_low[0])) continue;
    held.there++;
    const holds = (low: number, value: number, high: number) =>
      Number(low <= value && value <= high);
    held.auroc += holds(room.auroc_low[0]!, truth.auroc, room.auroc_high[0]!);
    held.difference += holds(
      room.difference_low[0]!,
      truth.difference,
      room.difference_high[0]!,
    );
  }
  const percent = (count: number) =>
    held.there === 0 ? "–" : `${(100 * count / held.there).toFixed(1)} %`;
  return [
    String(persons),
    `${100 * density} %`,
    truth.auroc.toFixed(3),
    percent(held.auroc),
    percent(held.difference),
    String(held.there),
  ];
}
