/**
 * How well do one, two or five free features name a relation, on persons and wordings that were not
 * seen?
 *
 * @module
 */
import { inactive } from "../stats/estimated_auroc.ts";
import { fitLogistic, logOdds } from "../stats/logistic.ts";
import { chooseByAuroc, scoreProbe } from "../stats/probe.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { type GroupAuroc, groupAuroc, meanAuroc, meanDifference } from "./group_auroc.ts";
import { type Measured, missing, personsActive } from "./measured.ts";
import { type Halves, type Part, type Questions, somePart } from "./questions.ts";
import { cell, column, listedFree, type Site } from "./site.ts";

/** How many features a probe has. */
const PROBE_SIZES = [1, 2, 5] as const;
/** How many listed features of a relation a probe chooses from. */
const CANDIDATES = 50;

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
  const candidates = groups.map((group) => candidatesOf(site, group));
  let before: readonly (GroupAuroc | null)[] | undefined;
  return PROBE_SIZES.map((size) => {
    const onPersons = groups.map((group) =>
      probed(site, halves, { group, size, candidates: candidates[group]! })
    );
    const onWordings = groups.map((group) =>
      probedWordings(site, questions, halves, { group, size, candidates: candidates[group]! })
    );
    const aurocs = onPersons.map((each) => each?.auroc ?? null);
    const accuracies = onPersons.map((each) => each?.balancedAccuracy ?? null);
    const gain = before === undefined
      ? missing("there is no smaller probe to compare with")
      : meanDifference(aurocs, before, estimating, NO_PROBE);
    before = aurocs;
    return {
      features: size,
      persons: meanAuroc(aurocs, estimating, NO_PROBE).auroc,
      balancedAccuracy: accuracies.includes(null)
        ? null
        : accuracies.reduce<number>((sum, each) => sum + share * each!, 0),
      wordings: meanAuroc(onWordings, estimating, NO_WORDINGS).auroc,
      gain,
    };
  });
}

const NO_PROBE = "a relation has no listed free feature, or no questions in one of the halves";

const NO_WORDINGS = "not every relation has two wordings that are known, on both halves";

interface ProbeOf {
  readonly group: number;
  readonly size: number;
  readonly candidates: readonly number[];
}

/** The listed free features that tell a group apart best on the choosing half. */
function candidatesOf(site: Site, group: number): number[] {
  const { auroc_choosing } = site.found.measures;
  const distance = (feature: number) => Math.abs(auroc_choosing[cell(site, group, feature)]! - 0.5);
  return listedFree(site).filter((feature) => distance(feature) > 0)
    .sort((a, b) => distance(b) - distance(a) || a - b).slice(0, CANDIDATES);
}

interface Probed {
  readonly auroc: GroupAuroc;
  readonly balancedAccuracy: number | null;
}

/** A probe that was chosen and fitted on some questions, applied to others. */
function fitAndScore(
  site: Site,
  { fit, test }: { fit: Part; test: Part },
  { group, size, candidates }: ProbeOf,
): Probed | null {
  const isIn = (part: Part) => part.groups.map((each) => each === group);
  const [fitIn, testIn] = [isIn(fit), isIn(test)];
  const hasBoth = (sides: readonly boolean[]) => new Set(sides).size === 2;
  if (!hasBoth(fitIn) || !hasBoth(testIn) || candidates.length === 0) return null;
  const columns = candidates.map((feature) => column(site, feature, fit));
  const chosen = chooseByAuroc(columns, fitIn, size);
  const probe = fitLogistic(chosen.map((k) => columns[k]!), fitIn);
  const values = chosen.map((k) => column(site, candidates[k]!, test));
  const odds = testIn.map((_, i) => logOdds(probe, values, i));
  const { balancedAccuracy } = scoreProbe(probe, values, testIn);
  // In the group or outside of it, as a probe may rest on a feature that is silent in the group.
  const greatest = testIn.map((_, i) => Math.max(...values.map((each) => each[i]!)));
  const threshold = site.found.record.activation_threshold;
  const active = personsActive(greatest, test, { threshold });
  const reason = active < LEAST_PERSONS ? inactive(active) : undefined;
  const found = groupAuroc(odds, test, { group, reason });
  return found && { auroc: found, balancedAccuracy };
}

function probed(site: Site, { choosing, estimating }: Halves, of: ProbeOf): Probed | null {
  return fitAndScore(site, { fit: choosing, test: estimating }, of);
}

/**
 * Twice: on every other wording of each relation, applied to those between, and the other way round.
 * The persons are others, too. Returns the mean of both, which every person that was kept back is in.
 */
function probedWordings(
  site: Site,
  questions: Questions,
  { choosing, estimating }: Halves,
  of: ProbeOf,
): GroupAuroc | null {
  const side = sidesOf(questions);
  if (side === null) return null;
  const folds = [0, 1].map((fold) => {
    const fit = somePart(choosing, (i) => side[i] !== fold);
    const test = somePart(estimating, (i) => side[i] === fold);
    const found = fitAndScore(site, { fit, test }, of);
    return found && withPlaces(found.auroc, test, estimating);
  });
  const { auroc, influence } = meanAuroc(folds, estimating, NO_WORDINGS);
  return influence && { auroc, influence, isStill: folds.some((each) => each!.isStill) };
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
