import assert from "node:assert/strict";
import { stratifiedTail } from "../../../lib/stats/stratified_tail.ts";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { CompleteStrata } from "../../../lib/stats/selectivity/complete_strata.ts";
import {
  type SelectivityDesign,
  selectivityDesign,
} from "../../../lib/stats/selectivity/design.ts";
import { LADDERS, MOST_RUNGS } from "../../../lib/stats/selectivity/ladder.ts";
import { RankSums } from "../../../lib/stats/selectivity/rank_sums.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

function designOf(groupCount: number, personCount: number): SelectivityDesign {
  const count = groupCount * personCount;
  const groups = Array.from({ length: count }, (_, i) => i % groupCount);
  const persons = Array.from({ length: count }, (_, i) => Math.floor(i / groupCount));
  return selectivityDesign(groups, { persons });
}

function read(strata: CompleteStrata, design: SelectivityDesign, column: Float32Array): RankSums {
  const ranks = new ColumnRanks(column.length);
  ranks.rank(column);
  const sums = new RankSums(design);
  sums.sum(ranks);
  strata.read(ranks, sums);
  return sums;
}

/** Tilts so far that weights vanish, and so little that all are alike. */
const TILTS = [1e-9, 0.3, 4, 90];

Deno.test("vectors give the bits that TypeScript gives", () => {
  const random = new SeededRandom(4);
  // More pairs of persons than one product holds; odd numbers of them; sparse columns.
  for (const [groups, persons] of [[6, 20], [3, 7], [2, 1], [5, 801], [23, 4]] as const) {
    const design = designOf(groups, persons);
    const [vectors, plain] = [new CompleteStrata(design), new CompleteStrata(design, true)];
    // Of few values and of many: of ranks without ties, all distances are even.
    for (const [density, values] of [[1, 50], [0.1, 50], [0.5, 50], [1, 1e9]] as const) {
      const column = Float32Array.from(
        { length: design.questionCount },
        () => random.below(1000) < 1000 * density ? random.below(values) - 10 : 0,
      );
      for (const strata of [vectors, plain]) read(strata, design, column);
      assert.deepEqual(vectors.sumsOf(), plain.sumsOf());
      const { range } = vectors.sumsOf();
      for (const tilt of TILTS) {
        for (const isHigh of [true, false]) {
          assert.deepEqual(
            vectors.moments(0, isHigh, tilt / range, range),
            plain.moments(0, isHigh, tilt / range, range),
          );
        }
      }
      for (const isHigh of [true, false]) {
        LADDERS.forEach((_, ladder) => {
          const [one, other] = [vectors, plain].map((strata) => {
            const lnMeans = new Float64Array(MOST_RUNGS);
            const step = strata.climb(isHigh, { ladder, length: 2 / range, lnMeans }, range);
            return [step, ...lnMeans];
          });
          assert.deepEqual(one, other);
        });
      }
    }
  }
});

Deno.test("the sums of a column are those of its persons' scores", () => {
  const design = designOf(4, 9);
  const random = new SeededRandom(6);
  const column = Float32Array.from({ length: 36 }, () => random.below(12));
  const strata = new CompleteStrata(design);
  const { cellRanks, cellNonzeros } = read(strata, design, column);
  const ranks = new ColumnRanks(36);
  ranks.rank(column);
  const scores = Array.from(
    { length: 9 },
    (_, person) =>
      Float64Array.from({ length: 4 }, (_, group) => {
        const cell = 9 * group + person;
        return (cellNonzeros[cell] ? cellRanks[cell]! : ranks.zeroRank) - 37;
      }),
  );
  const { mean, variance, highest, range } = strata.sumsOf();
  const tail = stratifiedTail(scores, highest);
  assertClose(variance, tail.variance, { relative: 1e-13 });
  assertClose(highest - mean, tail.centred, { relative: 1e-13 });
  assertClose(strata.sumsOf().lnHighest, tail.lnTail, { relative: 1e-13 });
  assert.equal(range, Math.max(...scores.map((own) => Math.max(...own) - Math.min(...own))));

  // K and its derivatives, by definition.
  const t = 2 / range;
  const below = scores.map((own) => own.map((score) => Math.max(...own) - score));
  const mass = below.map((own) => own.map((d) => Math.exp(-t * d)));
  const total = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0);
  const power = (person: number, k: number) =>
    total(below[person]!.map((d, i) => d ** k * mass[person]![i]!)) / total(mass[person]!);
  const sum = (value: (person: number) => number) =>
    below.reduce((all, _, person) => all + value(person), 0);
  const found = strata.moments(0, true, t, range);
  assertClose(found.lnMean, sum((i) => Math.log(total(mass[i]!) / 4)), { relative: 1e-12 });
  assertClose(found.gap, sum((i) => power(i, 1)), { relative: 1e-12 });
  assertClose(found.spread, sum((i) => power(i, 2) - power(i, 1) ** 2), { relative: 1e-12 });

  // The same on the rungs of a ladder.
  for (const isHigh of [true, false]) {
    LADDERS.forEach(({ rungs }, ladder) => {
      const lnMeans = new Float64Array(MOST_RUNGS);
      const step = strata.climb(isHigh, { ladder, length: 3 / range, lnMeans }, range);
      assertClose(step * rungs.at(-1)!, 3 / range, { relative: 1e-9 });
      rungs.forEach((rung, i) => {
        const { lnMean } = strata.moments(0, isHigh, rung * step, range);
        assertClose(lnMeans[i]!, lnMean, { relative: 1e-12 });
      });
    });
  }
});
