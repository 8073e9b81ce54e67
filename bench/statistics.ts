/**
 * How long the statistics of each feature take, without the rest of an analysis: random activations of
 * the full-size job, a layer after the other.
 *
 * @module
 */
import process from "node:process";
import { SelectivityCollector } from "../lib/analysis/statistics/selectivity_collector.ts";
import { SelectivityPool } from "../lib/analysis/statistics/selectivity_pool.ts";
import { ColumnPieces, columnRuns } from "../lib/sae/encode/columns.ts";
import { SeededRandom } from "../lib/stats/seeded_random.ts";
import type { GrowthOptions } from "./growth.ts";
import { seconds, type Table } from "./table.ts";

const PERSONS = 500;
const GROUPS = 6;
const QUESTIONS = PERSONS * GROUPS;

const LAYERS = 12;
const FEATURES = 10_006;
const groups = Int32Array.from({ length: QUESTIONS }, (_, i) => Math.floor(i / PERSONS));
const persons = Int32Array.from({ length: QUESTIONS }, (_, i) => i % PERSONS);
const isChoosing = Uint8Array.from(persons, (person) => person % 2);
const random = new SeededRandom(1);
const uniform = () => (random.next() + 0.5) / 2 ** 32;

/** Some columns; those of a layer are these again and again, from another question on. */
const BASE = 64;
function baseColumns(density: number, effect: number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: BASE }, () => {
    const shifts = Array.from({ length: GROUPS }, () => effect * (uniform() - 0.5));
    const own = Array.from({ length: PERSONS }, uniform);
    return Float32Array.from(
      groups,
      (group, i) => uniform() < density ? uniform() + own[persons[i]!]! + shifts[group]! : 0,
    );
  });
}

/** What codes are measured: how many are not 0, and whether it is known whose the questions are. */
const CODES = [
  { name: "dense", density: 1, hasPersons: true },
  { name: "dense, every other one 0", density: 0.5, hasPersons: true },
  { name: "sparse (1 %)", density: 0.01, hasPersons: true },
  { name: "dense, no persons known", density: 1, hasPersons: false },
] as const;

/** Measures the statistics of the full-size job on all cores. */
export async function measureStatistics({ log }: Pick<GrowthOptions, "log">): Promise<Table> {
  const threads = navigator.hardwareConcurrency;
  const rows = [];
  for (const { name, density, hasPersons } of CODES) {
    const base = baseColumns(density, 1);
    using pool = new SelectivityPool({
      groups,
      groupCount: GROUPS,
      persons: hasPersons ? persons : undefined,
      isChoosing,
      threshold: 0.1,
    }, threads);
    const began = performance.now();
    const before = process.cpuUsage();
    let making = 0;
    for (let layer = 0; layer < LAYERS; layer++) making += await measureLayer(pool, base);
    const { user, system } = process.cpuUsage(before);
    const taken = [(performance.now() - began) / 1000, (user + system) / 1e6, making / 1000];
    const [wall, processor, made] = taken.map(seconds);
    log(`${name}: ${wall}, ${processor} of processor time`);
    rows.push([name, wall!, processor!, made!]);
  }
  return {
    title: "Statistics of each feature",
    columns: ["codes", "time", "processor time", "of it to make the codes"],
    rows,
    notes: [
      `${LAYERS} layers of ${FEATURES} features, ${GROUPS} groups, ${QUESTIONS} questions of ` +
      `${PERSONS} persons, on ${threads} threads, without the rest of an analysis.`,
    ],
  };
}

/** Returns how long it took to make the activations, in milliseconds. */
async function measureLayer(
  pool: SelectivityPool,
  base: readonly Float32Array<ArrayBuffer>[],
): Promise<number> {
  const options = { featureCount: FEATURES, groupCount: GROUPS, listedPerGroup: 50 };
  const collector = new SelectivityCollector(pool, { ...options, alsoListed: [] });
  let making = 0;
  for (const { first, count } of columnRuns(FEATURES, QUESTIONS)) {
    const start = performance.now();
    const into = new ColumnPieces({ first, count }, QUESTIONS, collector.room); // as a backend fills them
    for (let i = 0; i < count; i++) {
      into.put(base[i % BASE]!, { feature: i, question: 0, many: QUESTIONS });
    }
    making += performance.now() - start;
    for (const piece of into.pieces) await collector.take(piece);
  }
  await collector.finish();
  return making;
}
