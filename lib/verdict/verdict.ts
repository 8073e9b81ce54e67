/**
 * The answers to the guide's questions, from what was found at each site.
 *
 * @module
 */
import { type Emergence, emergencesOf } from "./emergence.ts";
import { type LabelNulls, labelNulls, type Permuted, permutedAmong } from "./label_null.ts";
import { chooseLayer, type LayerChoice } from "./layer_choice.ts";
import { type GroupLength, lengthOf } from "./length.ts";
import { lackingInAll, type Measured, missing } from "./measured.ts";
import { type Pattern, patternOf } from "./pattern.ts";
import { hasEveryGroup, type Questions } from "./questions.ts";
import type { Asked, SiteFindings } from "./site_findings.ts";
import { type Grade, gradeOf, GUIDE, ONE_SLOT, type SlotFindings } from "./slots.ts";
import { measuredMean, resamplesOf } from "./measured_mean.ts";
import { personBlocks } from "../stats/person_blocks.ts";
import { unequalAsking } from "../stats/unequal_asking.ts";

/** Slots over all layers but the control, at which none can work; over the control where there is no other. */
export interface SlotsOverall {
  /** How many layers with slots these are. */
  readonly layers: number;
  /** The names of those that are left out, as the control. */
  readonly leftOut: readonly string[];
  /** The mean over layers of the own slots' mean. */
  readonly own: Measured;
  /** What the guide calls it; null where its borders do not apply. */
  readonly ownGrade: Grade | null;
  /** The mean over layers of the other slots' mean. */
  readonly others: Measured;
  /** What the guide calls it; null where its borders do not apply. */
  readonly othersGrade: Grade | null;
  /** The mean over layers of the own slots' mean less that of the others. */
  readonly gap: Measured;
  /** How many layers the guide's borders call what. */
  readonly diagonal: Readonly<Record<Grade, number>>;
  /** The same of the off-diagonal. */
  readonly offDiagonal: Readonly<Record<Grade, number>>;
}

/** The answers. */
export interface Verdict {
  /** How many questions, persons and wordings there are; null where they are not known. */
  readonly asked: {
    readonly questions: number;
    readonly persons: number | null;
    /** How many wordings the relations have: the fewest, and the most. */
    readonly wordings: { readonly least: number; readonly most: number } | null;
    readonly choosing: number;
    readonly estimating: number;
    /** Of how many relations intervals are over persons and wordings: ten of each, also on the other half. */
    readonly crossed: number;
    /** Among what labels are permuted, of all questions. */
    readonly permuted: Permuted;
    /** Whether persons have more questions about some relations than about others: permuting mixes these. */
    readonly isUnequal: boolean;
    /** Whether a relation has more of them, or fewer, than permuting mostly gives it. */
    readonly isOneSided: boolean;
  };
  /** The SHA-256 of the activation matrix of each layer, by the layer: it tells its numbers from others. */
  readonly madeOf: Readonly<Record<string, string>>;
  /** How many tests q was computed over. */
  readonly tests: number;
  /** What length alone says of each group. */
  readonly length: readonly GroupLength[];
  /** The sites, in the order of the forward pass. */
  readonly sites: readonly SiteFindings[];
  /** The slots over all layers; null without slots. */
  readonly slots: SlotsOverall | null;
  /** The layer that is recommended. */
  readonly layer: LayerChoice;
  /** The expected pattern over layers. */
  readonly pattern: Pattern;
  /** Where each relation emerges. */
  readonly emergence: readonly Emergence[];
  /** What permuting labels shows. */
  readonly labels: LabelNulls;
  /** What holds of all numbers. */
  readonly notes: readonly string[];
  /** Where in a prompt features are read; undefined: at the last token. */
  readonly position?: string | undefined;
}

/** Draws the conclusions from the sites. */
export function conclude(
  sites: readonly SiteFindings[],
  asked: Asked,
  { tests, notes, madeOf = {}, position }: {
    tests: number;
    notes: readonly string[];
    madeOf?: Readonly<Record<string, string>>;
    position?: string | undefined;
  },
): Verdict {
  const { questions, all, halves, permutations } = asked;
  return {
    asked: {
      questions: questions.groupOf.length,
      persons: questions.arePersonsKnown ? questions.personCount : null,
      wordings: wordingsOf(questions),
      choosing: halves.choosing.personCount,
      estimating: halves.estimating.personCount,
      crossed:
        questions.groups.filter((_, group) =>
          all.isCrossed[group] === true && halves.estimating.isCrossed[group] === true
        ).length,
      permuted: permutedAmong(questions, all),
      ...unequal(questions, all),
    },
    madeOf,
    tests,
    length: lengthOf(questions),
    sites,
    slots: overall(sites, asked, position),
    layer: chooseLayer(sites, questions, halves),
    pattern: patternOf(sites, questions, all),
    emergence: emergencesOf(sites, questions, { all, halves }),
    labels: labelNulls(sites.map(({ scores }) => scores), {
      permutations,
      permuted: permutedAmong(questions, halves.estimating),
    }),
    notes,
    position,
  };
}

function unequal(
  { arePersonsKnown }: Questions,
  { groups, persons }: Asked["all"],
): Pick<Verdict["asked"], "isUnequal" | "isOneSided"> {
  const found = arePersonsKnown ? unequalAsking(personBlocks(groups, persons)) : undefined;
  const isUnequal = found !== undefined;
  return { isUnequal, isOneSided: isUnequal && (found.among === "persons" || found.isOneSided) };
}

function wordingsOf({ groups, groupOf, wordingOf }: Questions): Verdict["asked"]["wordings"] {
  if (wordingOf.includes(-1)) return null;
  const counts = groups.map((_, group) =>
    new Set(wordingOf.filter((_, i) => groupOf[i] === group)).size
  );
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

function overall(
  sites: readonly SiteFindings[],
  { questions, all }: Asked,
  position: string | undefined,
): SlotsOverall | null {
  const withSlots = sites.filter(({ owns }) => owns !== undefined);
  const seeing = withSlots.filter(({ seesLengthOnly }) => seesLengthOnly !== true);
  const known = seeing.length > 0 ? seeing : withSlots;
  const groupCount = questions.groups.length;
  if (known.length === 0 || !hasEveryGroup(all, groupCount)) return null;
  const resamples = resamplesOf(all);
  const meanOf = (
    of: (site: SiteFindings, i: number) => number,
    found: (slots: SlotFindings) => Measured,
  ) => {
    const values = Float64Array.from(
      all.at,
      (_, i) => known.reduce((sum, site) => sum + of(site, i), 0) / known.length,
    );
    const reason = lackingInAll(known.map(({ slots }) => found(slots!)));
    return measuredMean(values, all, { groupCount, resamples, reason });
  };
  const own = meanOf(({ owns }, i) => owns![i]!, ({ diagonal }) => diagonal);
  const hasOthers = known.every(({ slots }) => slots!.offDiagonal.value !== null);
  const others = hasOthers
    ? meanOf(({ owns, gaps }, i) => owns![i]! - gaps![i]!, ({ offDiagonal }) => offDiagonal)
    : missing(ONE_SLOT);
  const graded = (grade: (site: SiteFindings) => Grade | null) => {
    const counts: Record<Grade, number> = { good: 0, between: 0, warning: 0, unclear: 0 };
    for (const site of known) {
      const found = grade(site);
      if (found !== null) counts[found]++;
    }
    return counts;
  };
  return {
    layers: known.length,
    leftOut: withSlots.filter((site) => !known.includes(site)).map(({ name }) => name),
    own,
    ownGrade: gradeOf(own, GUIDE.diagonal, position),
    others,
    othersGrade: gradeOf(others, GUIDE.offDiagonal, position),
    gap: hasOthers ? meanOf(({ gaps }, i) => gaps![i]!, ({ gap }) => gap) : missing(ONE_SLOT),
    diagonal: graded(({ slots }) => slots!.diagonalGrade),
    offDiagonal: graded(({ slots }) => slots!.offDiagonalGrade),
  };
}
