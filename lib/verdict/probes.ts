/**
 * How well do one, two or five free features name a relation, on persons and wordings that were not
 * seen?
 *
 * @module
 */
import { aurocInfluence, type Influence, sumInfluences } from "../stats/auroc_influence.ts";
import { fitLogistic, logOdds } from "../stats/logistic.ts";
import { chooseByAuroc, scoreProbe } from "../stats/probe.ts";
import { type Measured, measuredInfluence, missing } from "./measured.ts";
import type { Halves, Part, Questions } from "./questions.ts";
import { cell, column, listedFree, type Site } from "./site.ts";

/** How many features a probe has. */
export const PROBE_SIZES = [1, 2, 5] as const;
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
  let before: Influence | undefined;
  return PROBE_SIZES.map((size) => {
    const onPersons = groups.map((group) =>
      probed(site, halves, { group, size, candidates: candidates[group]! })
    );
    const onWordings = groups.map((group) =>
      probedWordings(site, questions, halves, { group, size, candidates: candidates[group]! })
    );
    const mean = (of: readonly (Influence | null)[]) =>
      of.includes(null) ? undefined : sumInfluences(of.map((each) => [share, each!] as const));
    const persons = mean(onPersons.map((each) => each?.influence ?? null));
    const wordings = mean(onWordings);
    const accuracies = onPersons.map((each) => each?.balancedAccuracy ?? null);
    const gain = persons === undefined || before === undefined
      ? missing("there is no smaller probe to compare with")
      : measuredInfluence(sumInfluences([[1, persons], [-1, before]]), estimating);
    before = persons;
    return {
      features: size,
      persons: persons === undefined ? missing(NO_PROBE) : measuredInfluence(persons, estimating),
      balancedAccuracy: accuracies.includes(null)
        ? null
        : accuracies.reduce<number>((sum, each) => sum + share * each!, 0),
      wordings: wordings === undefined
        ? missing("not every relation has two wordings that are known, on both halves")
        : measuredInfluence(wordings, estimating),
      gain,
    };
  });
}

const NO_PROBE = "a relation has no listed free feature, or no questions in one of the halves";

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

/** A probe that was chosen and fitted on some questions, applied to others. */
function fitAndScore(
  site: Site,
  { fit, test }: { fit: Part; test: Part },
  { group, size, candidates }: ProbeOf,
): { influence: Influence; balancedAccuracy: number | null } | null {
  const isIn = (part: Part) => part.groups.map((each) => each === group);
  const [fitIn, testIn] = [isIn(fit), isIn(test)];
  const hasBoth = (sides: readonly boolean[]) => new Set(sides).size === 2;
  if (!hasBoth(fitIn) || !hasBoth(testIn) || candidates.length === 0) return null;
  const columns = candidates.map((feature) => column(site, feature, fit));
  const chosen = chooseByAuroc(columns, fitIn, size);
  const probe = fitLogistic(chosen.map((k) => columns[k]!), fitIn);
  const values = chosen.map((k) => column(site, candidates[k]!, test));
  const odds = testIn.map((_, i) => logOdds(probe, values, i));
  const influence = aurocInfluence(odds, { ...test, inGroup: testIn });
  const { balancedAccuracy } = scoreProbe(probe, values, testIn);
  return influence === null ? null : { influence, balancedAccuracy };
}

function probed(site: Site, { choosing, estimating }: Halves, of: ProbeOf) {
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
): Influence | null {
  const side = sidesOf(questions);
  if (side === null) return null;
  const found = [0, 1].map((fold) => {
    const fit = some(choosing, (i) => side[i] !== fold);
    const test = some(estimating, (i) => side[i] === fold);
    return fitAndScore(site, { fit, test }, of)?.influence ?? null;
  });
  const [one, other] = found;
  return one && other ? sumInfluences([[0.5, one], [0.5, other]]) : null;
}

/** Some questions of a part; its persons keep their numbers. */
function some(part: Part, isWanted: (question: number) => boolean): Part {
  const kept = [...part.at.keys()].filter((i) => isWanted(part.at[i]!));
  return {
    at: kept.map((i) => part.at[i]!),
    groups: kept.map((i) => part.groups[i]!),
    persons: kept.map((i) => part.persons[i]!),
    personCount: part.personCount,
  };
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
