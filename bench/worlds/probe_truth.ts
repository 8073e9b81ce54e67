/**
 * The truth of probes: those that a verdict fits, on very many persons.
 *
 * @module
 */
import { auroc } from "../../lib/stats/auroc.ts";
import { doubledMidranks } from "../../lib/stats/doubled_midranks.ts";
import { fitLogistic, logOdds } from "../../lib/stats/logistic.ts";
import { chooseByRanks } from "../../lib/stats/probe.ts";
import type { Asked } from "../../lib/verdict/site_findings.ts";
import { column, listedFree, type Site } from "../../lib/verdict/site.ts";
import { RELATIONS } from "./law.ts";
import { meanOf, type Truth } from "./truth.ts";

/** How many features the probes of a verdict have. */
const SIZES = [1, 2, 5] as const;
/** Of how many persons: each probe is applied to all their questions. */
const PERSONS = 2500;

/** The mean over relations of the probes' true AUROC, by size. */
export function probeTruths(
  site: Site,
  { halves: { choosing } }: Asked,
  { truth: { world }, layer }: { truth: Truth; layer: number },
): number[] {
  const features = listedFree(site);
  const ranks = features.map((feature) => doubledMidranks(column(site, feature, choosing)));
  const places = [...world.questions.keys()].filter((i) => world.questions[i]!.person < PERSONS);
  const relations = places.map((i) => world.questions[i]!.relation);
  const chosen = RELATIONS.map((relation) => {
    const inGroup = choosing.groups.map((group) => group === relation);
    return chooseByRanks(ranks, inGroup, Math.max(...SIZES))
      .filter((k) => auroc(ranks[k]!, inGroup).auroc !== 0.5)
      .map((k) => features[k]!);
  });
  return SIZES.map((size) =>
    meanOf(RELATIONS.map((relation) => {
      const used = chosen[relation]!.slice(0, size);
      const fit = fitLogistic(
        used.map((feature) => column(site, feature, choosing)),
        choosing.groups.map((group) => group === relation),
      );
      const columns = used.map((feature) => world.columns[layer]![feature]!);
      const odds = places.map((i) => logOdds(fit, columns, i));
      return auroc(odds, relations.map((each) => each === relation)).auroc!;
    }))
  );
}
