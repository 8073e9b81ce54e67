import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ColumnRanks } from "../../../lib/stats/selectivity/column_ranks.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import { RankSums } from "../../../lib/stats/selectivity/rank_sums.ts";
import { ScoreTails } from "../../../lib/stats/selectivity/score_tails.ts";
import { doubledMidranks } from "../../../lib/stats/doubled_midranks.ts";
import { stratifiedTail } from "../../../lib/stats/stratified_tail.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

const PERSONS = 120;
const GROUPS = 6;

/** Columns of persons who are asked once about each group, which tell groups apart by so much. */
function columnsOf(random: SeededRandom): Float32Array[] {
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  const column = (effect: number, value: (activation: number) => number) => {
    const shifts = Array.from({ length: GROUPS }, () => effect * (uniform() - 0.5));
    return Float32Array.from(
      { length: GROUPS * PERSONS },
      (_, i) => value(uniform() + shifts[Math.floor(i / PERSONS)]!),
    );
  };
  return [0, 0.1, 0.4, 1, 2].flatMap((effect) => [
    column(effect, (x) => x - 0.3), // on both sides of 0
    column(effect, (x) => x + 2),
    column(effect, (x) => Math.max(0, x - 0.5)),
    column(effect, (x) => Math.max(0, x - 0.95)),
    column(effect, (x) => Math.floor(5 * x)),
    column(effect, (x) => x < 0.5 ? x / 100 : 5 + x), // in two clusters: far from what a polynomial is led through
  ]);
}

Deno.test("tails are those of the formula, whatever the activations and their effects", () => {
  const random = new SeededRandom(17);
  const groups = Array.from({ length: GROUPS * PERSONS }, (_, i) => Math.floor(i / PERSONS));
  const design = selectivityDesign(groups, { persons: groups.map((_, i) => i % PERSONS) });
  const [ranks, sums] = [new ColumnRanks(groups.length), new RankSums(design)];
  const tails = new ScoreTails(design, sums);
  columnsOf(random).forEach((column, feature) => {
    ranks.rank(column);
    sums.sum(ranks);
    tails.read(ranks);
    const scores = doubledMidranks(column);
    const strata = Array.from(
      { length: PERSONS },
      (_, person) =>
        Float64Array.from({ length: GROUPS }, (_, group) => scores[group * PERSONS + person]!),
    );
    for (let group = 0; group < GROUPS; group++) {
      const sum = strata.reduce((all, own) => all + own[group]!, 0);
      const ln = stratifiedTail(strata, sum).lnTail;
      const expected = ln === 0 ? 0 : Math.min(0, (ln + Math.LN2) / Math.LN10);
      // Ten times as exact as the oracles of the fixtures ask for.
      const tolerance = { relative: 1e-9, absolute: 1e-10 };
      assertClose(tails.log10P(group), expected, tolerance, `${feature}, group ${group}`);
    }
  });
});
