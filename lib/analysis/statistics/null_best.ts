/**
 * What tells each group apart best among some features: chosen on one half of the persons, estimated
 * on the other.
 *
 * @module
 */
import { type About, bestOf, type Chosen } from "./null_estimates.ts";
import type { NullBest, NullSet, NullSetName } from "../../results/null_record.ts";
import { isDiscovery } from "../../results/discovery.ts";
import { QLookup } from "../../stats/q_lookup.ts";
import { benjaminiHochberg } from "../../stats/benjamini_hochberg.ts";
import { personBlocks } from "../../stats/person_blocks.ts";
import { blockSumTail } from "../../stats/rank_sum_tail.ts";
import { higherFeatures } from "../../stats/higher_features.ts";
import { personsActive } from "../../stats/persons_active.ts";
import type { Selectivity } from "../../stats/selectivity/selectivity.ts";

/** Features among which the best are chosen. */
export interface Candidates {
  /** Their numbers. */
  readonly features: readonly number[];
  /** Those of which the best are chosen, ascending: their activations are known. */
  readonly listed: readonly number[];
  /** What was measured of all, `[groups, featureCount]` each. */
  readonly measures: Selectivity;
  /** How many were measured. */
  readonly featureCount: number;
  /** The activations of one, for all questions. */
  readonly column: (feature: number) => Float32Array<ArrayBuffer>;
}

/** The best feature of each group on the choosing half, by the rule by which a verdict chooses. */
export function bestHigher(candidates: Candidates, { asked, threshold }: About): Chosen[] {
  const { listed, measures: { auroc_choosing }, featureCount, column } = candidates;
  const { groups, groupCount, persons, isChoosing } = asked;
  return Array.from({ length: groupCount }, (_, group) => {
    const at = [...groups.keys()].filter((i) => groups[i] === group && isChoosing[i] === 1);
    const whose = at.map((i) => persons?.[i] ?? i);
    const [best] = higherFeatures(listed, {
      aurocOf: (feature) => auroc_choosing[group * featureCount + feature]!,
      personsActive: (feature) => {
        const values = column(feature);
        return personsActive(at.map((i) => values[i]!), whose, threshold);
      },
    });
    return best === undefined
      ? { feature: null, turned: false, column: null }
      : { feature: best.feature, turned: false, column: column(best.feature) };
  });
}

/** The feature of each group whose AUROC is farthest from ½ there, turned round if it is below. */
export function bestTurned(candidates: Candidates, { asked }: About): Chosen[] {
  const { listed, measures: { auroc_choosing }, featureCount, column } = candidates;
  return Array.from({ length: asked.groupCount }, (_, group) => {
    const score = (feature: number) => auroc_choosing[group * featureCount + feature]!;
    const distance = (feature: number) => Math.abs(score(feature) - 0.5);
    const feature = listed.filter((each) => distance(each) > 0)
      .sort((a, b) => distance(b) - distance(a) || a - b)[0];
    if (feature === undefined) return { feature: null, turned: false, column: null };
    const turned = score(feature) < 0.5;
    const values = column(feature);
    return { feature, turned, column: turned ? values.map((value) => -value) : values };
  });
}

/** A set as it is written, and the activations of its best, zeros where there is none. */
export function setOf(
  name: NullSetName,
  { features, measures, featureCount }: Candidates,
  chosen: readonly Chosen[],
  about: About,
): { set: NullSet; columns: Float32Array[] } {
  const { asked: { groupCount, groups } } = about;
  const cells = Array.from({ length: groupCount }, (_, group) => group)
    .flatMap((group) => features.map((feature) => group * featureCount + feature));
  const own = (measure: Float64Array<ArrayBuffer>) => {
    const some = new Float64Array(cells.length);
    for (let i = 0; i < some.length; i++) some[i] = measure[cells[i]!]!;
    return some;
  };
  const log10P = own(measures.log10_p);
  const tested = log10P.filter((p) => !Number.isNaN(p)).sort();
  const found = {
    measures: { auroc_low: own(measures.auroc_low), auroc_high: own(measures.auroc_high) },
    log10Q: new QLookup(tested).of(log10P),
  };
  const sizes = Array.from(
    { length: groupCount },
    (_, group) => groups.reduce((sum, each) => sum + Number(each === group), 0),
  );
  const active = cells.reduce(
    (sum, cell) => sum + measures.active_in[cell]! * sizes[Math.floor(cell / featureCount)]!,
    0,
  );
  return {
    set: {
      name,
      features: features.length,
      active: features.length === 0
        ? null
        : Math.min(1, active / (features.length * groups.length)),
      tests: tested.length,
      discoveries: cells.filter((_, i) => isDiscovery(found, i)).length,
      best: chosen.map((each, group) => bestOf(each, about, { group, isActivation: true })),
    },
    columns: chosen.map(({ column }) => column ?? new Float32Array(groups.length)),
  };
}

/** The directions of groups as a set: each was fitted on the choosing half, and is tested on the other. */
export function bestDirections(
  projections: readonly Float32Array<ArrayBuffer>[],
  about: About,
): { set: NullSet; columns: Float32Array[] } {
  const { halves: { estimating: { at, groups, persons } } } = about;
  // A direction of length 0 leads nowhere: no mean was fitted, or the means are the same.
  const leads = projections.map((column) => column.some((value) => value !== 0));
  const best = projections.map((column, group) =>
    bestOf({ feature: null, turned: false, column: leads[group] ? column : null }, about, {
      group,
      isActivation: false,
    })
  );
  const known = about.asked.persons && persons;
  const blocks = personBlocks(groups, known);
  const tails = projections.map((column, group) =>
    leads[group] ? blockSumTail(at.map((i) => column[i]!), blocks, group) : null
  );
  const log10Q = benjaminiHochberg(tails.map((tail) => tail?.log10P ?? null));
  const isFound = (each: NullBest, q: number | null) =>
    q !== null && isDiscovery({
      measures: { auroc_low: [each.auroc_low ?? NaN], auroc_high: [each.auroc_high ?? NaN] },
      log10Q: [q],
    }, 0);
  return {
    set: {
      name: "difference_of_means",
      features: projections.length,
      active: null,
      tests: log10Q.filter((q) => q !== null).length,
      discoveries: best.filter((each, group) => isFound(each, log10Q[group]!)).length,
      best,
    },
    columns: [...projections],
  };
}
