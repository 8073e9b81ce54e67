/**
 * Two runs compared at one layer, relation by relation: how well a slot or a feature tells the relation
 * apart in each, and how sure the difference is.
 *
 * @module
 */
import { logitInterval } from "../stats/auroc_interval.ts";
import { differenceInterval } from "../stats/difference_interval.ts";
import { influenceCorrelation } from "../stats/person_influence.ts";
import type { Interval } from "../stats/wilson.ts";
import { chooseFeature, estimateFeature, type FeatureEstimate } from "./feature_estimate.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/**
 * What is compared: slots (in their place, where a run has none, one feature of each relation that was
 * chosen on one half of the persons), or the best free features.
 */
export const COMPARED = ["slots", "features"] as const;
/** One of them. */
export type Compared = (typeof COMPARED)[number];

/** A layer of a run. */
export interface ComparedSite {
  /** Its statistics. */
  readonly selectivity: LayerSelectivity;
  /** How many free features there are; slots come after them. */
  readonly freeCount: number;
  /** What the SAE is made of: the same feature is the same only in the same SAE. */
  readonly sae: string;
}

/** What one run comes to for a relation. */
export interface ComparedSide {
  /** The feature; null in a mean over relations. */
  readonly feature: number | null;
  /** Its AUROC; null if a side is empty. */
  readonly auroc: number | null;
  /** The 95 % interval over persons; null with too few of them. */
  readonly interval: Interval | null;
}

/** A relation in two runs. */
export interface ComparedPair {
  /** The relation's key; null for the mean over all. */
  readonly relation: string | null;
  /** The first run. */
  readonly a: ComparedSide;
  /** The second. */
  readonly b: ComparedSide;
  /** AUROC of the second − AUROC of the first. */
  readonly difference: number | null;
  /** The 95 % interval of that. */
  readonly interval: Interval | null;
}

/** An estimate whose influences go by the names of persons, which both runs have in common. */
interface NamedEstimate extends Omit<FeatureEstimate, "influences" | "feature"> {
  readonly feature: number | null;
  readonly influences: ReadonlyMap<string, number>;
}

/**
 * Compares two runs at a layer. Relations go by their keys, which are those of both.
 *
 * @returns A pair for each relation, in the order of the first run, and their mean at the end;
 * undefined if neither run has slots and slots are asked for.
 */
export function compareSites(
  a: ComparedSite,
  b: ComparedSite,
  what: Compared,
): ComparedPair[] | undefined {
  if (what === "slots" && !hasSlots(a) && !hasSlots(b)) return undefined;
  const groups = a.selectivity.record.groups;
  const sides = groups.map(({ key }, group) => {
    const other = b.selectivity.record.groups.findIndex((each) => each.key === key);
    return [estimateSides(a, b, { what, groups: [group, other] }), key] as const;
  });
  const pairs = sides.map(([[first, second], key]) => pairOf(key, first, second));
  const means = [0, 1].map((side) => meanOf(sides.map(([each]) => each[side]!)));
  return [...pairs, pairOf(null, means[0], means[1])];
}

function hasSlots({ selectivity, freeCount }: ComparedSite): boolean {
  return selectivity.record.n_features > freeCount;
}

/** The estimates of a relation in both runs. */
function estimateSides(
  a: ComparedSite,
  b: ComparedSite,
  { what, groups }: { what: Compared; groups: readonly [number, number] },
): [NamedEstimate | undefined, NamedEstimate | undefined] {
  const sites = [a, b] as const;
  if (what === "slots" && hasSlots(a) && hasSlots(b)) {
    return [0, 1].map((side) => {
      const site = sites[side]!;
      return estimate(site, {
        feature: slotOf(site, groups[side]!),
        group: groups[side]!,
        on: "all",
      });
    }) as [NamedEstimate | undefined, NamedEstimate | undefined];
  }
  const isSame = what === "features" && a.sae === b.sae;
  const inBoth = new Set(a.selectivity.record.listed)
    .intersection(new Set(b.selectivity.record.listed));
  const choose = (site: ComparedSite, group: number) =>
    what === "slots" && hasSlots(site) ? slotOf(site, group) : chooseFeature(site.selectivity, {
      group,
      end: site.freeCount,
      among: isSame ? inBoth : undefined,
    });
  const first = choose(a, groups[0]);
  const second = isSame ? first : choose(b, groups[1]);
  // Whoever took part in the choice takes no part in the estimate, in either run.
  const without = isSame ? choosersIn(a, b) : undefined;
  return [
    first === undefined ? undefined : estimate(a, {
      feature: first,
      group: groups[0],
      on: "estimating",
    }),
    second === undefined ? undefined : estimate(b, {
      feature: second,
      group: groups[1],
      on: isSame ? "all" : "estimating",
      without,
    }),
  ];
}

function slotOf({ selectivity, freeCount }: ComparedSite, group: number): number {
  return freeCount + selectivity.record.groups[group]!.index;
}

/** The persons of the second run on whom features of the first were chosen, by their numbers there. */
function choosersIn(a: ComparedSite, b: ComparedSite): Set<number> {
  const { questions, record: { person_names: names } } = a.selectivity;
  const choosers = new Set<string>();
  for (let i = 0; i < questions.length; i += 5) {
    const name = names?.[questions[i + 1]!];
    if (questions[i + 4] === 1 && name !== undefined) choosers.add(name);
  }
  const found = (b.selectivity.record.person_names ?? [])
    .flatMap((name, person) => choosers.has(name) ? [person] : []);
  return new Set(found);
}

function estimate(
  { selectivity }: ComparedSite,
  how: Parameters<typeof estimateFeature>[1],
): NamedEstimate | undefined {
  if (!selectivity.record.listed.includes(how.feature)) return undefined;
  const found = estimateFeature(selectivity, how);
  const names = selectivity.record.person_names;
  // Without names nobody can be known again in the other run.
  const influences = names == null ? new Map<string, number>() : new Map(
    found.influences.entries().map(([person, each]) => [names[person]!, each] as const),
  );
  return { ...found, influences };
}

/**
 * The mean over relations; undefined if one has none. Where no person moves the AUROC of a relation,
 * as where it is 1, its own interval is a stand-in (Wilson's), and its part in the variance of the mean
 * is not 0 but unknown: the interval then goes from the mean of the lower ends to that of the upper
 * ones, which holds however the relations hang together.
 */
function meanOf(sides: readonly (NamedEstimate | undefined)[]): NamedEstimate | undefined {
  if (sides.some((side) => side === undefined || side.auroc === null)) return undefined;
  const known = sides as NamedEstimate[];
  const mean = known.reduce((sum, { auroc }) => sum + auroc!, 0) / known.length;
  const isSure = known.every(({ interval }) => interval !== null);
  const influences = new Map<string, number>();
  for (const side of known) {
    for (const [person, each] of side.influences) {
      influences.set(person, (influences.get(person) ?? 0) + each / known.length);
    }
  }
  const persons = Math.min(...known.map((side) => side.persons));
  const variance = isSure && influences.size > 1
    ? influences.size / (influences.size - 1) *
      influences.values().reduce((sum, each) => sum + each * each, 0)
    : null;
  const meanEnd = (end: 0 | 1) =>
    known.reduce((sum, { interval }) => sum + interval![end], 0) / known.length;
  const isStill = known.some((side) => side.variance === 0);
  const interval = variance === null
    ? null
    : isStill
    ? [meanEnd(0), meanEnd(1)] as const
    : logitInterval(mean, variance, persons);
  return { feature: null, auroc: mean, interval, variance, persons, influences };
}

function pairOf(
  relation: string | null,
  a: NamedEstimate | undefined,
  b: NamedEstimate | undefined,
): ComparedPair {
  const side = (each: NamedEstimate | undefined): ComparedSide => ({
    feature: each?.feature ?? null,
    auroc: each?.auroc ?? null,
    interval: each?.interval ?? null,
  });
  const isKnown = a !== undefined && b !== undefined && a.auroc !== null && b.auroc !== null;
  const interval = isKnown && a.interval !== null && b.interval !== null
    ? differenceInterval(
      { estimate: a.auroc!, interval: a.interval },
      { estimate: b.auroc!, interval: b.interval },
      influenceCorrelation(a.influences, b.influences),
    )
    : null;
  const difference = isKnown ? b.auroc! - a.auroc! : null;
  return { relation, a: side(a), b: side(b), difference, interval };
}
