/**
 * Two runs compared at one layer, relation by relation: how well a slot or a feature tells the relation
 * apart in each, and how sure the difference is.
 *
 * @module
 */
import { clusterCorrelation } from "../stats/cluster_influences.ts";
import { differenceInterval } from "../stats/difference_interval.ts";
import type { Interval } from "../stats/wilson.ts";
import {
  type ComparedSide,
  type ComparedSite,
  meanSide,
  type NamedSide,
  noSide,
  sideOf,
} from "./compared_side.ts";
import { bestFeatures } from "../results/best_features.ts";
import type { FeatureOptions } from "../results/feature_estimate.ts";
import { choosingGroups, lackingHalf } from "../results/lacking_half.ts";
import { pseudoSlots } from "../results/pseudo_slots.ts";
import { QUESTION_FIELDS } from "../results/selectivity_files.ts";

/**
 * What is compared: slots (in their place, where a run has none, one feature of each relation that was
 * chosen on one half of the persons), or the best free features.
 */
export const COMPARED = ["slots", "features"] as const;
/** One of them. */
export type Compared = (typeof COMPARED)[number];

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
  /** Whether it is over persons and wordings: both AUROCs' are. */
  readonly isCrossed: boolean;
  /** Why there is no difference or no interval; null if both are there. */
  readonly reason: string | null;
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
  const keys = b.selectivity.record.groups.map(({ key }) => key);
  const places = groups.map(({ key }, group) => [group, keys.indexOf(key)] as const);
  const sides = what === "slots" ? slotSides(a, b, places) : featureSides(a, b, places);
  const pairs = sides.map(([first, second], group) => pairOf(groups[group]!.key, first, second));
  const means = [0, 1].map((side) => meanSide(sides.map((each) => each[side]!)));
  return [...pairs, pairOf(null, means[0]!, means[1]!)];
}

/** Whether a run has slots. */
export function hasSlots({ selectivity, freeCount }: ComparedSite): boolean {
  return selectivity.record.n_features > freeCount;
}

/** Whether both runs are of the same question file: then the same number is the same wording. */
export function isSameFile(a: ComparedSite, b: ComparedSite): boolean {
  return a.questionFile !== undefined && a.questionFile === b.questionFile;
}

/** The numbers of a relation in both runs. */
type Places = readonly (readonly [number, number])[];
/** A relation in both runs. */
type Sides = readonly [NamedSide, NamedSide];

const NONE_KEPT = "no free feature whose activations were kept is higher for the relation";
const NONE_LEFT =
  "no free feature whose activations were kept is left that is higher for the relation";

/** Slots, on all persons; where a run has none, what stands in their place, on the other half. */
function slotSides(a: ComparedSite, b: ComparedSite, places: Places): Sides[] {
  const on = hasSlots(a) && hasSlots(b) ? "all" : "estimating";
  const side = (site: ComparedSite, at: 0 | 1) => {
    const { selectivity, freeCount } = site;
    const choosing = choosingGroups(selectivity);
    const stand = hasSlots(site) ? undefined : pseudoSlots(selectivity, freeCount);
    return places.map((groups) => {
      const group = groups[at];
      const { index } = selectivity.record.groups[group]!;
      const feature = stand === undefined ? freeCount + index : stand.get(group);
      return feature === undefined
        ? noSide(lackingHalf(choosing, group) ?? NONE_LEFT)
        : named([a, b], at, { feature, group, on });
    });
  };
  const second = side(b, 1);
  return side(a, 0).map((each, group) => [each, second[group]!] as const);
}

/** The best free features: of the same SAE the same feature in both runs, chosen in the first. */
function featureSides(a: ComparedSite, b: ComparedSite, places: Places): Sides[] {
  const isSame = a.sae === b.sae;
  const inBoth = new Set(a.selectivity.record.listed)
    .intersection(new Set(b.selectivity.record.listed));
  const choose = ({ selectivity, freeCount }: ComparedSite, group: number) => {
    const among = isSame ? inBoth : undefined;
    const [best] = bestFeatures(selectivity, { group, end: freeCount, among });
    return best?.feature;
  };
  // Whoever took part in the choice takes no part in the estimate, in either run.
  const without = isSame ? choosersIn(a, b) : undefined;
  const halves = [a, isSame ? a : b].map(({ selectivity }) => choosingGroups(selectivity));
  return places.map(([first, second]) => {
    const lacking = [first, isSame ? first : second].map((group, at) =>
      lackingHalf(halves[at]!, group)
    );
    const chosen = choose(a, first);
    const features = [chosen, isSame ? chosen : choose(b, second)];
    const estimate = (at: 0 | 1, group: number, how: Pick<FeatureOptions, "on" | "without">) =>
      features[at] === undefined
        ? noSide(lacking[at] ?? NONE_KEPT)
        : named([a, b], at, { feature: features[at], group, ...how });
    return [
      estimate(0, first, { on: "estimating" }),
      estimate(1, second, without === undefined ? { on: "estimating" } : { on: "all", without }),
    ];
  });
}

/** A feature in one of the runs. */
function named(sites: readonly [ComparedSite, ComparedSite], at: 0 | 1, how: FeatureOptions) {
  return sideOf(sites[at], { ...how, run: "AB"[at]!, isSameFile: isSameFile(...sites) });
}

/**
 * The persons of the second run on whom features of the first were chosen, by their numbers there;
 * undefined if persons are not known in both.
 */
function choosersIn(a: ComparedSite, b: ComparedSite): Set<number> | undefined {
  const { questions, record: { person_names: names } } = a.selectivity;
  const others = b.selectivity.record.person_names;
  if (!names || !others) return undefined;
  const choosers = new Set<string>();
  const [width, person, choosing] = [
    QUESTION_FIELDS.length,
    ...(["person", "choosing"] as const).map((name) => QUESTION_FIELDS.indexOf(name)),
  ] as [number, number, number];
  for (let i = 0; i < questions.length; i += width) {
    if (questions[i + choosing] === 1) choosers.add(names[questions[i + person]!]!);
  }
  return new Set(others.flatMap((name, number) => choosers.has(name) ? [number] : []));
}

function pairOf(relation: string | null, a: NamedSide, b: NamedSide): ComparedPair {
  const side = ({ variance: _, persons: __, influences: ___, ...rest }: NamedSide) => rest;
  const isKnown = a.auroc !== null && b.auroc !== null;
  const interval = a.interval !== null && b.interval !== null
    ? differenceInterval(
      { estimate: a.auroc!, interval: a.interval },
      { estimate: b.auroc!, interval: b.interval },
      clusterCorrelation(a.influences, b.influences),
    )
    : null;
  return {
    relation,
    a: side(a),
    b: side(b),
    difference: isKnown ? b.auroc! - a.auroc! : null,
    interval,
    isCrossed: interval !== null && a.isCrossed && b.isCrossed,
    reason: a.reason ?? b.reason,
  };
}
