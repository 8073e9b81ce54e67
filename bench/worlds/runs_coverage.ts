/**
 * How often the intervals of two runs' differences hold the truth.
 *
 * @module
 */
import type { ComparedSite } from "../../lib/comparison/compared_side.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import type { Site } from "../../lib/verdict/site.ts";
import { drawWorld } from "./draw.ts";
import type { Law } from "./law.ts";
import { sitesOf } from "./sites.ts";
import type { Drawn } from "./tally.ts";
import { meanOf, type Truth } from "./truth.ts";

/** The numbers of two runs, by what they are. */
export const RUN_NUMBERS = {
  slots: "two runs: slots of a relation",
  slotsMean: "two runs: slots, mean",
  features: "two runs: best feature of a relation",
} as const;

/** Draws two runs of the same persons and counts, into the tally, which intervals hold the truth. */
export function countRuns(
  law: Law,
  { layers: [first, second] }: Truth,
  { persons, draws, seed, tally }: Drawn,
): void {
  const differenceOf = (features: readonly (number | null)[], relation: number) =>
    features.includes(null)
      ? null
      : second!.auroc[features[1]!]![relation]! - first!.auroc[features[0]!]![relation]!;
  for (let draw = 0; draw < draws; draw++) {
    const sites = sitesOf(drawWorld(law, persons, seed + draw));
    const [a, b] = sites.map(comparedSite) as [ComparedSite, ComparedSite];
    for (const what of ["slots", "features"] as const) {
      const pairs = compareSites(a, b, what)!;
      const mean = pairs.pop()!;
      const truths = pairs.map((pair, relation) =>
        differenceOf([pair.a.feature, pair.b.feature], relation)
      );
      pairs.forEach(({ difference, interval }, relation) =>
        tally.add(RUN_NUMBERS[what], { value: difference, interval }, truths[relation]!)
      );
      if (what === "features") continue;
      const { difference, interval } = mean;
      const truth = meanOf(truths.map((each) => each!));
      tally.add(RUN_NUMBERS.slotsMean, { value: difference, interval }, truth);
    }
  }
}

/** A site as a run that is compared: each is of an SAE of its own, all are of the same questions. */
export function comparedSite({ found, freeCount }: Site, run: number): ComparedSite {
  return { selectivity: found, freeCount, sae: String(run), questionFile: "the same" };
}
