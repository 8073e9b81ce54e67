/**
 * How long the statistics of each feature take, without the rest of an analysis: random activations of
 * the full-size job, a layer after the other.
 *
 *     deno run -A bench/statistics.ts [LAYERS] [THREADS] [FEATURES]
 *
 * @module
 */
import process from "node:process";
import {
  SelectivityCollector,
  startSelectivityPool,
} from "../lib/analysis/selectivity_collector.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";

const PERSONS = 500;
const GROUPS = 6;
const QUESTIONS = PERSONS * GROUPS;

const [layers = 12, threads = navigator.hardwareConcurrency, features = 10_006] = Deno.args
  .map(Number);
const groups = Int32Array.from({ length: QUESTIONS }, (_, i) => Math.floor(i / PERSONS));
const persons = Int32Array.from({ length: QUESTIONS }, (_, i) => i % PERSONS);
const isChoosing = Uint8Array.from(persons, (person) => person % 2);
const random = new SeededRandom(1);
const uniform = () => (random.next() + 0.5) / 2 ** 32;

/** Some columns; those of a layer are these again and again, from another question on. */
const BASE = 64;
function baseColumns(density: number, effect: number): Float32Array[] {
  return Array.from({ length: BASE }, () => {
    const shifts = Array.from({ length: GROUPS }, () => effect * (uniform() - 0.5));
    const own = Array.from({ length: PERSONS }, uniform);
    return Float32Array.from(
      groups,
      (group, i) => uniform() < density ? uniform() + own[persons[i]!]! + shifts[group]! : 0,
    );
  });
}

for (const [name, density, effect] of [["dense", 1, 1], ["sparse (1 %)", 0.01, 1]] as const) {
  const base = baseColumns(density, effect);
  using pool = startSelectivityPool(
    { groups, groupCount: GROUPS, persons, isChoosing, threshold: 0.1 },
    threads,
  );
  const began = performance.now();
  const cpu = process.cpuUsage();
  let making = 0;
  for (let layer = 0; layer < layers; layer++) {
    const collector = new SelectivityCollector(pool, {
      featureCount: features,
      groupCount: GROUPS,
      listedPerGroup: 50,
      alsoListed: [],
    });
    for (let first = 0; first < features;) {
      const start = performance.now();
      const count = Math.min(5592, features - first); // 64 MiB of activations
      const values = new Float32Array(count * QUESTIONS);
      for (let i = 0; i < count; i++) values.set(base[i % BASE]!, i * QUESTIONS);
      making += performance.now() - start;
      await collector.take({ first, count, values });
      first += count;
    }
    await collector.finish();
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${name}: ${layers} layers of ${features} features, ${GROUPS} groups, ${QUESTIONS} questions ` +
      `on ${threads} threads: ${seconds.toFixed(1)} s (${
        ((user + system) / 1e6).toFixed(1)
      } s of ` +
      `processor time; of it ${(making / 1000).toFixed(1)} s to make the activations)`,
  );
}
