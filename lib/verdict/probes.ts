/**
 * How well do one, two or five free features name a relation, on persons and wordings that were not
 * seen?
 *
 * @module
 */
import { auroc } from "../stats/auroc.ts";
import { doubledMidranks } from "../stats/doubled_midranks.ts";
import { inactive } from "../stats/estimated_auroc.ts";
import { fitLogistic, logOdds } from "../stats/logistic.ts";
import { personsActive } from "../stats/persons_active.ts";
import { chooseByRanks, scoreProbe } from "../stats/probe.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { type GroupAuroc, groupAuroc, meanAuroc, meanDifference } from "./group_auroc.ts";
import { type Measured, missing } from "./measured.ts";
import { type Halves, ONE_GROUP, type Part, type Questions, somePart } from "./questions.ts";
import { column, listedFree, type Site } from "./site.ts";

/** How many features a probe has. */
const PROBE_SIZES = [1, 2, 5] as const;
const LARGEST = Math.max(...PROBE_SIZES);

/** How well the probes of a size do, in the mean over relations. */
export interface ProbeFindings {
  /** How many features each probe has. */
  readonly features: number;
  /** The mean AUROC on the persons that were not seen. */
  readonly persons: Measured;
  /** The mean share named rightly there, in the group and outside of it weighing the same. */
  readonly balancedAccuracy: number | null;
  /** The mean AUROC on persons and wordings that were not seen. */
  readonly wordings: Measured;
  /** How much the AUROC on persons gains over the next smaller probe. */
  readonly gain: Measured;
}

/** The probes of a site. */
export function probesOf(site: Site, questions: Questions, halves: Halves): ProbeFindings[] {
  const groups = questions.groups.map((_, group) => group);
  const share = 1 / groups.length;
  const { estimating } = halves;
  const folds = foldsOf(site, questions, halves);
  const [noProbe, noWordings] = groups.length < 2
    ? [ONE_GROUP, ONE_GROUP]
    : [NO_PROBE, NO_WORDINGS];
  let before: readonly (GroupAuroc | null)[] | undefined;
  return PROBE_SIZES.map((size) => {
    const onPersons = groups.map((group) =>
      fitAndScore(site, folds[group]!.persons, { group, size })
    );
    const onWordings = groups.map((group) =>
      onBothFolds(site, folds[group]!.wordings, { part: estimating, group, size })
    );
    const aurocs = onPersons.map((each) => each?.auroc ?? null);
    const accuracies = onPersons.map((each) => each?.balancedAccuracy ?? null);
    const gain = before === undefined
      ? missing("there is no smaller probe to compare with")
      : meanDifference(aurocs, before, estimating, noProbe);
    before = aurocs;
    return {
      features: size,
      persons: meanAuroc(aurocs, estimating, noProbe).auroc,
      balancedAccuracy: accuracies.includes(null)
        ? null
        : accuracies.reduce<number>((sum, each) => sum + share * each!, 0),
      wordings: meanAuroc(onWordings, estimating, noWordings).auroc,
      gain,
    };
  });
}

const NO_PROBE = "a relation has no listed free feature, or no questions in one of the halves";

const NO_WORDINGS = "not every relation has two wordings that are known, on both halves";

/** Questions on which probes are chosen and fitted, and others to which they are applied. */
interface Fold {
  readonly fit: Part;
  readonly test: Part;
  /** The listed free features that tell the group apart best where it is fitted, the best first. */
  readonly chosen: readonly number[];
}

/** A group's folds: over persons, and over persons and wordings; null of wordings that are too few. */
interface Folds {
  readonly persons: Fold;
  readonly wordings: readonly Fold[] | null;
}

/**
 * Each group's folds. Over persons, the choosing half and the other. Over wordings, twice: every other
 * wording of each relation and those between, and the other way round; the persons are others, too. A
 * wording that is kept back has no part in the choice.
 */
function foldsOf(site: Site, questions: Questions, { choosing, estimating }: Halves): Folds[] {
  const side = sidesOf(questions);
  const count = questions.groups.length;
  const persons = foldsIn(site, count, { fit: choosing, test: estimating });
  const wordings = side && [0, 1].map((fold) =>
    foldsIn(site, count, {
      fit: somePart(choosing, (i) => side[i] !== fold),
      test: somePart(estimating, (i) => side[i] === fold),
    })
  );
  return persons.map((fold, group) => ({
    persons: fold,
    wordings: wordings && wordings.map((folds) => folds[group]!),
  }));
}

/** The fold of each group. */
function foldsIn(site: Site, groupCount: number, { fit, test }: { fit: Part; test: Part }): Fold[] {
  const features = listedFree(site);
  const ranks = features.map((feature) => doubledMidranks(column(site, feature, fit)));
  return Array.from({ length: groupCount }, (_, group) => {
    const inGroup = fit.groups.map((each) => each === group);
    const chosen = new Set(inGroup).size < 2 ? [] : chooseByRanks(ranks, inGroup, LARGEST)
      .filter((k) => auroc(ranks[k]!, inGroup).auroc !== 0.5);
    return { fit, test, chosen: chosen.map((k) => features[k]!) };
  });
}

interface Probed {
  readonly auroc: GroupAuroc;
  readonly balancedAccuracy: number | null;
}

/** A probe that was chosen and fitted on some questions, applied to others. */
function fitAndScore(
  site: Site,
  { fit, test, chosen }: Fold,
  { group, size }: { group: number; size: number },
): Probed | null {
  const isIn = (part: Part) => part.groups.map((each) => each === group);
  const testIn = isIn(test);
  if (chosen.length === 0 || new Set(testIn).size < 2) return null;
  const features = chosen.slice(0, size);
  const probe = fitLogistic(features.map((feature) => column(site, feature, fit)), isIn(fit));
  const values = features.map((feature) => column(site, feature, test));
  const odds = testIn.map((_, i) => logOdds(probe, values, i));
  const { balancedAccuracy } = scoreProbe(probe, values, testIn);
  // In the group or outside of it, as a probe may rest on a feature that is silent in the group.
  const greatest = testIn.map((_, i) => Math.max(...values.map((each) => each[i]!)));
  const threshold = site.found.record.activation_threshold;
  const active = personsActive(greatest, test.persons, threshold);
  const reason = active < LEAST_PERSONS ? inactive(active, test.units) : undefined;
  const found = groupAuroc(odds, test, { group, reason });
  return found && { auroc: found, balancedAccuracy };
}

/** The mean of both folds of wordings, which every person that was kept back is in. */
function onBothFolds(
  site: Site,
  folds: readonly Fold[] | null,
  { part, group, size }: { part: Part; group: number; size: number },
): GroupAuroc | null {
  if (folds === null) return null;
  const scored = folds.map((fold) => {
    const found = fitAndScore(site, fold, { group, size });
    return found && withPlaces(found.auroc, fold.test, part);
  });
  const mean = meanAuroc(scored, part, NO_WORDINGS);
  const { influence } = mean;
  return influence &&
    { auroc: mean.auroc, influence, isStill: scored.some((each) => each!.isStill) };
}

/** Each question's part, by its place in the whole of which some questions were tested. */
function withPlaces(found: GroupAuroc, test: Part, whole: Part): GroupAuroc {
  const places = new Map(whole.at.map((question, i) => [question, i] as const));
  const parts = new Float64Array(whole.at.length);
  test.at.forEach((question, i) => parts[places.get(question)!] = found.influence.parts[i]!);
  return { ...found, influence: { estimate: found.influence.estimate, parts } };
}

/** For each question, whether its wording is an even or an odd one of its relation's. */
function sidesOf({ groups, groupOf, wordingOf }: Questions): number[] | null {
  if (wordingOf.includes(-1)) return null;
  const wordings = groups.map((_, group) =>
    [...new Set(wordingOf.filter((_, i) => groupOf[i] === group))].sort((a, b) => a - b)
  );
  if (wordings.some(({ length }) => length < 2)) return null;
  return Array.from(wordingOf, (wording, i) => wordings[groupOf[i]!]!.indexOf(wording) % 2);
}
