/**
 * Whether the statistics keep their word: runs in which nothing is to be found, made of a real one by
 * permuting the groups' names within each person, and how often intervals hold the truth.
 *
 *     deno run -A bench/calibration.ts [RUNS] [LAYER]
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
  studentQuantile,
} from "../mod.ts";
import { collectHiddenStates } from "../lib/lm/hidden_states.ts";
import { sortedLog10Q } from "../lib/stats/benjamini_hochberg.ts";
import { columnsOf } from "../lib/sae/encode/columns.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import { selectivityDesign } from "../lib/stats/selectivity/design.ts";
import { roomForSelectivity, SelectivityMeter } from "../lib/stats/selectivity/selectivity.ts";

/** Null runs: how many end in any discovery, and in any q of at most .05. */
async function nullRuns(runs: number, layer: number): Promise<void> {
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
  const range = { first: 0, count: sae.featureCount };
  const { values } = columnsOf(rows, range, questions);
  const names = plan.sample.questions.map(({ person }) => person!);
  const persons = names.map((name) => names.indexOf(name));
  const groups = plan.sample.groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
  const blocks = personBlocks(groups, persons);
  let [discovering, significant] = [0, 0];
  for (const groupOf of permutedGroups(blocks, { permutations: runs, seed: 1 })) {
    const permuted = Array.from(blocks.blockOf, (block) => groupOf[block]!);
    const design = selectivityDesign(permuted, { persons, groupCount: blocks.groupCount });
    const meter = new SelectivityMeter(design, { threshold: 0.1 });
    const found = roomForSelectivity(blocks.groupCount, range.count);
    for (let feature = 0; feature < range.count; feature++) {
      const column = values.subarray(feature * questions, (feature + 1) * questions);
      meter.measure(column, found, { feature, featureCount: range.count });
    }
    const cells = [...found.log10_p.keys()].sort((a, b) => found.log10_p[a]! - found.log10_p[b]!);
    const q = sortedLog10Q(Float64Array.from(cells, (cell) => found.log10_p[cell]!));
    const low = cells.filter((_, i) => q[i]! <= Math.log10(0.05));
    if (low.length > 0) significant++;
    if (low.some((cell) => found.auroc_low[cell]! > 0.5 || found.auroc_high[cell]! < 0.5)) {
      discovering++;
    }
  }
  console.log(
    `layer ${layer}: of ${runs} null runs of ${blocks.groupCount * range.count} tests, ` +
      `${discovering} end in a discovery, ${significant} in a q of at most .05`,
  );
}

/** How often the 95 % intervals of AUROC and difference hold the truth, and how often there is one. */
function coverage(persons: number, density: number, shift: number, repeats: number): void {
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
  const percent = (count: number) => `${(100 * count / held.there).toFixed(1)} %`;
  console.log(
    `${persons} persons, ${100 * density} % active, AUROC ${truth.auroc.toFixed(3)}: ` +
      `AUROC ${percent(held.auroc)}, difference ${percent(held.difference)} ` +
      `(${held.there} of ${repeats} have intervals; t = ${
        studentQuantile(persons - 1).toFixed(3)
      })`,
  );
}

const [runs = "200", layer = "6"] = Deno.args;
await nullRuns(Number(runs), Number(layer));
for (const persons of [20, 50, 200, 500]) {
  for (const [density, shift] of [[1, 0], [1, 1], [0.22, 1], [0.06, 1]] as const) {
    coverage(persons, density, shift, 2000);
  }
}
