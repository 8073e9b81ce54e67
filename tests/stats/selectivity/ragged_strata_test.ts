import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import { RaggedStrata } from "../../../lib/stats/selectivity/ragged_strata.ts";
import { RankSums } from "../../../lib/stats/selectivity/rank_sums.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

Deno.test("vectors give the bits that TypeScript gives, and those of the formula, of persons who lack groups", () => {
  const random = new SeededRandom(14);
  for (const [groupCount, personCount] of [[3, 8], [6, 41], [9, 12]] as const) {
    const groups = Array.from({ length: 150 }, () => random.below(groupCount));
    const persons = groups.map(() => random.below(personCount));
    const design = selectivityDesign(groups, { groupCount, persons });
    const [vectors, plain] = [new RaggedStrata(design), new RaggedStrata(design, true)];
    const ranks = new ColumnRanks(150);
    const sums = new RankSums(design);
    for (const density of [1, 0.2]) {
      const column = Float32Array.from(
        groups,
        () => random.below(1000) < 1000 * density ? random.below(80) - 20 : 0,
      );
      ranks.rank(column);
      sums.sum(ranks);
      for (const strata of [vectors, plain]) strata.read(ranks, sums);
      for (let group = 0; group < groupCount; group++) {
        const { range, highest } = vectors.sumsOf(group);
        for (const tilt of [1e-6, 1, 30]) {
          const found = vectors.moments(group, true, tilt / range, range);
          assert.deepEqual(plain.moments(group, true, tilt / range, range), found);
          // K and K′ by definition, score by score.
          let [lnMean, gap] = [0, 0];
          for (let person = 0; person < personCount; person++) {
            const scores = Array.from({ length: groupCount }, (_, g) => g * personCount + person)
              .filter((cell) => design.counts[cell]! > 0)
              .map((cell) => {
                const nonzeros = sums.cellNonzeros[cell]!;
                const zeros = design.counts[cell]! - nonzeros;
                return sums.cellRanks[cell]! + zeros * ranks.zeroRank - 151 * (nonzeros + zeros);
              });
            if (design.counts[group * personCount + person] === 0) continue;
            const below = scores.map((score) => Math.max(...scores) - score);
            const mass = below.map((d) => Math.exp(-tilt / range * d));
            const total = mass.reduce((a, b) => a + b);
            lnMean += Math.log(total / scores.length);
            gap += below.reduce((sum, d, i) => sum + d * mass[i]!, 0) / total;
          }
          const bound = { relative: 1e-11, absolute: 1e-13 };
          assertClose(found.lnMean, lnMean, bound, `${groupCount} ${density} ${tilt}`);
          assertClose(found.gap, gap, bound, `${groupCount} ${density} ${tilt}`);
        }
        assert.equal(highest, plain.sumsOf(group).highest);
      }
    }
  }
});
