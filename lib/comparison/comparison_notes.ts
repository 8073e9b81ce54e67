/**
 * What a reader of a comparison of two runs has to know.
 *
 * @module
 */
import { basename } from "node:path";
import { visibleText } from "../base/visible_text.ts";
import { type LayerName, layersText } from "../results/layer_name.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { promptsOf } from "../results/prompt_options.ts";
import { readText } from "../results/where_read.ts";
import type { ComparedSite } from "./compared_side.ts";
import { type ComparedPair, hasSlots, isSameFile } from "./run_comparison.ts";

/** What has to be known, in sentences. */
export interface ComparisonNotes {
  /** Of the whole. */
  readonly both: string[];
  /** Of the comparison of slots. */
  readonly slots: string[];
  /** Of that of features. */
  readonly features: string[];
}

/** The notes on a comparison at a layer; those on wordings are of all layers together. */
export function comparisonNotes(
  a: ComparedSite,
  b: ComparedSite,
  { shared, ...persons }: {
    readonly a: number | null;
    readonly b: number | null;
    readonly shared: number | null;
  },
): ComparisonNotes {
  return {
    both: [
      ...personNotes({ shared, ...persons }),
      ...positionNotes(a.position, b.position),
      ...thresholdNotes(a, b),
    ],
    slots: slotNotes(a, b),
    features: [featureNote(a, b)],
  };
}

/**
 * The notes of several layers, each once. One that does not hold of all of them begins with the layers of
 * which it does: SAEs may be the same at one and different at the next.
 */
export function mergedNotes(
  all: readonly { readonly layer: LayerName; readonly notes: ComparisonNotes }[],
): ComparisonNotes {
  const merged = (part: keyof ComparisonNotes) => {
    const layers = new Map<string, LayerName[]>();
    for (const { layer, notes } of all) {
      for (const note of notes[part]) layers.getOrInsertComputed(note, () => []).push(layer);
    }
    return [...layers].map(([note, those]) =>
      those.length === all.length ? note : `At ${layersText(those)}: ${note}`
    );
  };
  return { both: merged("both"), slots: merged("slots"), features: merged("features") };
}

function personNotes(
  { a, b, shared }: { a: number | null; b: number | null; shared: number | null },
): string[] {
  if (shared === null) {
    return [
      "Not every question says whom it is about: nobody can be known again in the other run, and " +
      "the intervals take the runs as independent.",
    ];
  }
  if (shared === a && shared === b) {
    const same = a === 1 ? "person" : `${a} persons`;
    return [`Both runs are about the same ${same}: differences are paired, person by person.`];
  }
  const who = shared === 0
    ? "no person is in both: the difference includes that of the persons, and the intervals take " +
      "the runs as independent"
    : `${shared === 1 ? "1 person is in both and is" : `${shared} persons are in both and are`} ` +
      "paired: the difference includes that of the others";
  return [`The runs are about different persons, ${a} and ${b}; ${who}.`];
}

/** Runs that are read elsewhere in prompts differ by that, too. */
function positionNotes(a: string | undefined, b: string | undefined): string[] {
  if (a === undefined && b === undefined) return [];
  return [
    a === b
      ? `In both runs, features are ${readText(a)}.`
      : `Features are ${readText(a)} in A, and ${readText(b)} in B: the difference includes that ` +
        "of where they are read.",
  ];
}

/** There is an interval where ten persons are active: what counts as active may differ. */
function thresholdNotes(...sites: readonly [ComparedSite, ComparedSite]): string[] {
  const [a, b] = sites.map(({ selectivity }) => selectivity.record.activation_threshold);
  if (a === b) return [];
  return [
    `Activations count as active above ${a} in A and above ${b} in B: where ten ${
      unitsIn(...sites)
    } are active, and so ` +
    "where there is an interval, need not be the same.",
  ];
}

/** What stands for each relation, chosen in some runs. */
function chosenIn(...sites: readonly ComparedSite[]): string {
  const half = `one half of the ${unitsIn(...sites)}`;
  return `one feature of each relation, chosen on ${half} by its AUROC and estimated on the other half`;
}

function unitsIn(...sites: readonly ComparedSite[]): IntervalUnits {
  return unitsOf(...sites.map(({ selectivity }) => selectivity.record.persons));
}

function slotNotes(a: ComparedSite, b: ComparedSite): string[] {
  const [aSlots, bSlots] = [hasSlots(a), hasSlots(b)];
  if (!aSlots && !bSlots) return ["Neither run has slots, and features alone are compared."];
  if (aSlots && bSlots) return [];
  return [
    `Run ${aSlots ? "B" : "A"} has no slots. In their place stands ${
      chosenIn(aSlots ? b : a)
    }, a ` +
    "different one for each relation; the slots are estimated on that half, too: equally many " +
    "features of both.",
  ];
}

function featureNote(a: ComparedSite, b: ComparedSite): string {
  if (a.sae !== b.sae) {
    return `Features: ${chosenIn(a, b)}, in each run for itself, for the SAEs are different ones.`;
  }
  const unknown = unitsIn(a, b) === "persons"
    ? ""
    : " Whether run B asks about persons on whom it was chosen is not known.";
  return `Features: ${
    chosenIn(a)
  }. It is chosen in run A and is the same in run B, for the SAEs are the same; it is ` +
    `among those whose activations both runs kept.${unknown}`;
}

/** What else than the SAEs and the questions differs between the runs. */
export function settingNotes(a: LayerRecord, b: LayerRecord): string[] {
  return [...modelNotes(a, b), ...promptNotes(a, b)];
}

/** Models are told by their files: of a large one, a run reads only those that it needs. */
function modelNotes(...records: readonly [LayerRecord, LayerRecord]): string[] {
  const [a, b] = records.map(({ provenance: { input_sha256, options } }) =>
    new Map(
      Object.entries(input_sha256).filter(([path]) => path !== options.qa_file)
        .map(([path, hash]) => [basename(path), hash]),
    )
  ) as [Map<string, string>, Map<string, string>];
  const common = [...a.keys()].filter((name) => b.has(name));
  if (common.length > 0 && common.every((name) => a.get(name) === b.get(name))) return [];
  return ["The runs are of different language models: the difference includes that of the models."];
}

/** Of the position, more is said; what parts the cells of a file is no part of the prompts. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(["position", "delimiter"]);

/** Prompts may be made of other fields, and labels be those of others. */
function promptNotes(...records: readonly [LayerRecord, LayerRecord]): string[] {
  const [a, b] = records.map((record) => new Map(promptsOf(record))) as [
    Map<string, unknown>,
    Map<string, unknown>,
  ];
  const said = (value: unknown) =>
    value === undefined ? "the default" : visibleText(JSON.stringify(value));
  const differing = [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => !SAID_ELSEWHERE.has(name) && said(a.get(name)) !== said(b.get(name)))
    .map((name) => `${name} is ${said(a.get(name))} in A and ${said(b.get(name))} in B`);
  if (differing.length === 0) return [];
  return [`The runs take prompts, tokens or labels in different ways: ${differing.join("; ")}.`];
}

/** What intervals are over that are not over wordings. */
export type IntervalUnits = "persons" | "questions" | "persons or questions";

/**
 * What intervals are over: questions of a run of which it is not known whose they are.
 *
 * @param persons How many persons each run has; null where they are not known.
 */
export function unitsOf(...persons: readonly (number | null)[]): IntervalUnits {
  if (!persons.includes(null)) return "persons";
  return persons.every((each) => each === null) ? "questions" : "persons or questions";
}

/** The wordings of two runs. */
export interface ComparedWordings {
  /** How many wordings each run has by their numbers; null if they are not known. */
  readonly counts: readonly [number | null, number | null];
  /** Whether both runs are of the same question file, so that the same number is the same wording. */
  readonly areSame: boolean;
  /** What intervals are over: persons, or questions where it is not known whose they are. */
  readonly units: IntervalUnits;
}

/** The wordings of two runs. */
export function wordingsOf(a: ComparedSite, b: ComparedSite): ComparedWordings {
  const count = ({ selectivity }: ComparedSite) => selectivity.record.wordings?.length ?? null;
  return { counts: [count(a), count(b)], areSame: isSameFile(a, b), units: unitsIn(a, b) };
}

/** Halves are of persons: each wording is in both. */
const CHOSEN_WITH_THEM =
  "Features were chosen with the same wordings with which they are estimated: for other wordings, they may " +
  "do less well than their intervals say.";

/** What intervals hold for. */
export function wordingNotes(
  { counts: [a, b], areSame, units }: ComparedWordings,
  pairs: readonly ComparedPair[],
): string[] {
  const sure = pairs.flatMap(({ a, b }) => [a, b]).filter(({ interval }) => interval !== null);
  const crossed = sure.filter(({ isCrossed }) => isCrossed).length;
  const fileNote = areSame
    ? "Both runs are of the same question file: their wordings are the same, and differences are paired, " +
      "wording by wording, too."
    : "The runs are of different question files: their wordings are taken as different ones.";
  const mixed =
    `Intervals are over ${units} and wordings where there are ten or more of each, in the relation and ` +
    `outside; the others are over ${units} and hold for these wordings alone.`;
  if (a === null || b === null) {
    const whose = a === b
      ? "The wordings of the questions are not known in either run."
      : `The wordings of run ${a === null ? "A" : "B"} are not known.`;
    const alone = `Intervals are over ${units} and hold for these wordings alone.`;
    return [`${whose} ${crossed === 0 ? alone : mixed}`];
  }
  if (crossed === 0) {
    return areSame
      ? [`Intervals are over ${units} and hold for these wordings (${a} in both runs).`]
      : [
        `The wordings are those of different question files (${a} and ${b}); intervals are over ${units} ` +
        "and hold for these wordings alone.",
      ];
  }
  if (crossed === sure.length) {
    return [
      `Intervals are over ${units} and wordings: there are ten or more of each, in the relation and ` +
      `outside. ${fileNote} ${CHOSEN_WITH_THEM}`,
    ];
  }
  return [`${mixed} ${fileNote} ${CHOSEN_WITH_THEM}`];
}
