/**
 * Everything that a verdict has to know of one site.
 *
 * @module
 */
import { labelledSite, type LayerName, layerText } from "../results/layer_name.ts";
import { personsActive } from "../stats/persons_active.ts";
import { type BestTogether, bestTogether, type Encoding, encodingsOf } from "./chosen_features.ts";
import { type Concentration, concentrationsOf } from "./concentration.ts";
import { type GroupAuroc, groupAuroc } from "./group_auroc.ts";
import { type SiteScores, siteScores } from "./label_null.ts";
import { dependOnLength } from "../results/sees_only_length.ts";
import { type LengthMatched, lengthMatched } from "./length.ts";
import { type NullFindings, nullFindings } from "./nulls.ts";
import { type ProbeFindings, probesOf } from "./probes.ts";
import { type Halves, hasEveryGroup, noneChosen, type Part, type Questions } from "./questions.ts";
import { type Sharing, sharingOf } from "./sharing.ts";
import { column, type Site } from "./site.ts";
import { type SlotFindings, slotFindings } from "./slots.ts";
import { gapsOf, slotValues } from "./slot_values.ts";
import { resamplesOf } from "./measured_mean.ts";
import { type SlotsAgainstFree, slotsAgainstFree } from "./slots_against_free.ts";

/** What was found at a site. */
export interface SiteFindings {
  /** The name of its files. */
  readonly layer: LayerName;
  /** The layer in words. */
  readonly name: string;
  /** The site, as the table calls it. */
  readonly site: string;
  /** Whether its listed features see the length of the prompts alone; null if it cannot be told. */
  readonly seesLengthOnly: boolean | null;
  /** Its discoveries, slots among them. */
  readonly discoveries: number;
  /** What encodes each relation. */
  readonly encodings: readonly Encoding[];
  /** The best feature of each relation, taken together. */
  readonly best: BestTogether;
  /** What relations have in common. */
  readonly sharing: Sharing;
  /** Over how many features each relation is spread. */
  readonly concentrations: readonly Concentration[];
  /** The probes. */
  readonly probes: readonly ProbeFindings[];
  /** Each relation's slot, or its best feature without slots, among questions of equal length. */
  readonly lengthMatched: readonly LengthMatched[];
  /** The scores under permuted labels. */
  readonly scores: SiteScores;
  /** How many free features there are. */
  readonly freeCount: number;
  /** What is found without the SAE; null if that was not computed. */
  readonly nulls: readonly NullFindings[] | null;
  /** Of an SAE with slots. */
  readonly slots?: SlotFindings | undefined;
  /** Of an SAE with slots. */
  readonly slotsAgainstFree?: SlotsAgainstFree | undefined;
  /** Of an SAE with several slots: each question's own slot less the mean of the others. */
  readonly gaps?: Float64Array | undefined;
  /** Of an SAE with slots: each question's own slot. */
  readonly owns?: Float64Array | undefined;
  /** Of an SAE with slots: how many persons of the estimating half have an own slot active. */
  readonly estimatingActive?: number | undefined;
  /** What says how well a relation is told apart here: its slot, or its best feature without slots. */
  readonly marks: readonly (GroupAuroc | null)[];
}

/** What sites have in common. */
export interface Asked {
  /** The questions. */
  readonly questions: Questions;
  /** All of them. */
  readonly all: Part;
  /** Their halves. */
  readonly halves: Halves;
  /** How often labels are permuted. */
  readonly permutations: number;
}

/** Looks at a site. */
export function findAt(site: Site, asked: Asked): SiteFindings {
  const { questions, all, halves, permutations } = asked;
  const encodings = encodingsOf(site, halves);
  const best = bestTogether(site, encodings, halves);
  const hasSlots = site.slots.length > 0 && site.slotCount > 0;
  return {
    layer: site.layer,
    name: layerText(site.layer),
    site: labelledSite(site.found.record.site, site.layer),
    seesLengthOnly: dependOnLength(site.found) ?? (site.isControl === true ? true : null),
    discoveries: encodings.reduce((sum, { higher, lower }) => sum + higher + lower, 0),
    encodings,
    best,
    sharing: sharingOf(site, questions, all),
    concentrations: concentrationsOf(site),
    probes: probesOf(site, questions, halves),
    lengthMatched: matchedOf(site, encodings, asked),
    scores: siteScores(site, questions, { part: halves.estimating, permutations }),
    freeCount: site.freeCount,
    nulls: nullFindings(site, best, halves),
    ...(hasSlots ? slotsOf(site, asked) : {}),
    marks: hasSlots ? questions.groups.map((_, group) => slotOf(site, all, group)) : best.byGroup,
  };
}

function slotOf(site: Site, part: Part, group: number): GroupAuroc | null {
  const values = column(site, site.freeCount + site.slots[group]!, part);
  const { activation_threshold: threshold } = site.found.record;
  return groupAuroc(values, part, { group, threshold });
}

function slotsOf(site: Site, { questions, all, halves }: Asked) {
  if (!hasEveryGroup(all, questions.groups.length)) return {};
  const values = slotValues(site, all);
  const { estimating } = halves;
  return {
    slots: slotFindings(site, questions, { part: all, values, resamples: resamplesOf(all) }),
    slotsAgainstFree: slotsAgainstFree(site, halves),
    gaps: site.slotCount > 1 ? gapsOf(values) : undefined,
    owns: values.own,
    estimatingActive: personsActive(
      estimating.at.map((i) => values.own[i]!),
      estimating.persons,
      site.found.record.activation_threshold,
    ),
  };
}

/** A slot is not chosen and takes all questions; a feature that was chosen takes the other half. */
function matchedOf(
  site: Site,
  encodings: readonly Encoding[],
  { questions, all, halves }: Asked,
): LengthMatched[] {
  const { tokens } = questions;
  return encodings.map(({ best }, group) => {
    const hasSlots = site.slotCount > 0;
    const feature = hasSlots ? site.freeCount + site.slots[group]! : best[0]?.feature;
    if (feature === undefined) {
      return { auroc: null, matched: null, reason: noneChosen(halves.choosing, group) };
    }
    const part = hasSlots ? all : halves.estimating;
    return lengthMatched(column(site, feature, part), part, { group, tokens });
  });
}
