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

/** How many null runs there are, and of which layer of the demo. */
const RUNS = 200;
const LAYER = 6;
/** How many draws of known laws there are. */
const DRAWS = 2000;

/** Measures null runs of the demo, and intervals of drawn activations. */
export async function measureCalibration({ log }: Pick<GrowthOptions, "log">): Promise<Table[]> {
  const nulls = await nullRuns(RUNS, LAYER);
  log(nulls.join(", "));
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
      columns: ["runs", "tests each", "with a discovery", "with a q of at most .05"],
      rows: [nulls],
      notes: [`The demo's layer ${LAYER}, relations permuted within persons.`],
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
  ];
}

/** Null runs: how many there are, of how many tests; how many end in a discovery, and in a low q. */
async function nullRuns(runs: number, layer: number): Promise<string[]> {
  const plan = await planAnalysis({
    lmModel: "demo/lm",
    saeDirectory: "demo/sae",
    questionFile: "demo/data/qa_test_id.jsonl",
    layers: [layer],
    samplesPerRelation: 125,
    threshold: 0.1,
  });
  using device = await openDevice("cpu");
  const { site } = plan.checkpoints[0]!;
  using states = await collectHiddenStates(plan.model, plan.prompts, {
    sites: [site],
    runtime: device.runtime,
  });
  const sae = await (await openSae(`demo/sae/layer${layer}`)).read();
  const rows = await encodeStates(sae, states.at(site), { device });
  const questions = plan.prompts.length;
  const { featureCount } = sae;
  const columns = Array.from(
    { length: featureCount },
    (_, feature) =>
      Float32Array.from({ length: questions }, (_, i) => rows[i * featureCount + feature]!),
  );
  const names = plan.sample.questions.map(({ person }) => person!);
  const persons = names.map((name) => names.indexOf(name));
  const groups = plan.sample.groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
  const blocks = personBlocks(groups, persons);
  let [discovering, significant] = [0, 0];
  for (const groupOf of permutedGroups(blocks, { permutations: runs, seed: 1 })) {
    const permuted = Array.from(blocks.blockOf, (block) => groupOf[block]!);
    const design = selectivityDesign(permuted, { persons, groupCount: blocks.groupCount });
    const meter = new SelectivityMeter(design, { threshold: 0.1 });
    const found = roomForSelectivity(blocks.groupCount, featureCount);
    for (let feature = 0; feature < featureCount; feature++) {
      const column = columns[feature]!;
      meter.measure(column, found, { feature, featureCount: featureCount });
    }
    const cells = [...found.log10_p.keys()].sort((a, b) => found.log10_p[a]! - found.log10_p[b]!);
    const q = sortedLog10Q(Float64Array.from(cells, (cell) => found.log10_p[cell]!));
    const low = cells.filter((_, i) => q[i]! <= Math.log10(0.05));
    if (low.length > 0) significant++;
    if (low.some((cell) => found.auroc_low[cell]! > 0.5 || found.auroc_high[cell]! < 0.5)) {
      discovering++;
    }
  }
  const tests = blocks.groupCount * featureCount;
  return [runs, tests, discovering, significant].map(String);
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
