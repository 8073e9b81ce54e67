import assert from "node:assert/strict";
import {
  type MeasuredSite,
  SelectivityCollector,
} from "../../../lib/analysis/statistics/selectivity_collector.ts";
import { SelectivityPool } from "../../../lib/analysis/statistics/selectivity_pool.ts";
import { auroc } from "../../../lib/stats/auroc.ts";
import { MEASURES } from "../../../lib/stats/selectivity/selectivity.ts";

const QUESTIONS = 60;
const FEATURES = 40;
const groups = Int32Array.from({ length: QUESTIONS }, (_, i) => Math.floor(i / 20));
const persons = Int32Array.from({ length: QUESTIONS }, (_, i) => i % 20);
const isChoosing = Uint8Array.from(persons, (person) => person % 2);
const setup = { groups, groupCount: 3, persons, isChoosing, threshold: 0.1 };
/** Every third feature is sparse; features further on tell group 1 apart better. */
const values = Float32Array.from({ length: FEATURES * QUESTIONS }, (_, i) => {
  const [feature, question] = [Math.floor(i / QUESTIONS), i % QUESTIONS];
  const noise = (i * 7919 + feature * 104729) % 1009 / 1009;
  if (feature % 3 === 0) return noise < 0.8 ? 0 : noise;
  return noise + (groups[question] === 1 ? feature / 40 : 0);
});

async function measured(threads: number, pieces: readonly number[]): Promise<MeasuredSite> {
  using pool = new SelectivityPool(setup, threads);
  const options = { featureCount: FEATURES, groupCount: 3, listedPerGroup: 4, alsoListed: [0, 39] };
  const collector = new SelectivityCollector(pool, options);
  let first = 0;
  for (const count of pieces) {
    const some = values.slice(first * QUESTIONS, (first + count) * QUESTIONS);
    await collector.take({ first, count, values: some });
    first += count;
  }
  return await collector.finish();
}

Deno.test("a site is measured to the same bytes, whatever the threads and pieces", async () => {
  const one = await measured(1, [FEATURES]);
  const other = await measured(3, [1, 20, 7, 12]);
  for (const measure of MEASURES) {
    assert.deepEqual(one.selectivity[measure], other.selectivity[measure], measure);
  }
  assert.deepEqual(one.listed, other.listed);
  assert.deepEqual(one.activations, other.activations);
});

Deno.test("threads that are ended while they measure are an error, not a hang", async () => {
  const pool = new SelectivityPool(setup, 2);
  const options = { featureCount: FEATURES, groupCount: 3, listedPerGroup: 4, alsoListed: [] };
  const collector = new SelectivityCollector(pool, options);
  await collector.take({ first: 0, count: FEATURES, values: values.slice() });
  pool[Symbol.dispose]();
  await assert.rejects(collector.finish(), /the pool of threads was closed/);
});

Deno.test("the features that are listed are chosen on one half of the persons alone", async () => {
  const { listed, activations } = await measured(1, [FEATURES]);
  assert(listed.includes(0) && listed.includes(39), "those that were wanted");
  assert.deepEqual(listed, listed.toSorted());
  const half = (feature: number, wanted: (question: number) => boolean) => {
    const at = [...groups.keys()].filter((question) => isChoosing[question] === 1);
    const column = at.map((question) => values[feature * QUESTIONS + question]!);
    return Math.abs(auroc(column, at.map(wanted)).auroc! - 0.5);
  };
  for (const group of [0, 1, 2]) {
    const scores = Array.from({ length: FEATURES }, (_, f) => half(f, (q) => groups[q] === group));
    const best = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 4);
    for (const feature of best) assert(listed.includes(feature), `${feature} of group ${group}`);
  }
  listed.forEach((feature, i) => {
    const kept = activations.subarray(i * QUESTIONS, (i + 1) * QUESTIONS);
    assert.deepEqual(kept, values.subarray(feature * QUESTIONS, (feature + 1) * QUESTIONS));
  });
});

Deno.test("activations that are not numbers end the measuring", async () => {
  using pool = new SelectivityPool(setup, 1);
  const options = { featureCount: 1, groupCount: 3, listedPerGroup: 1, alsoListed: [] };
  const collector = new SelectivityCollector(pool, options);
  await collector.take({ first: 0, count: 1, values: new Float32Array(QUESTIONS).fill(NaN) });
  await assert.rejects(collector.finish(), /question 0 is NaN/);
});
