/**
 * What a reader of a comparison of two runs has to know.
 *
 * @module
 */
import type { ComparedSite } from "./run_comparison.ts";

/** What has to be known, in sentences. */
export interface ComparisonNotes {
  /** Of the whole. */
  readonly both: string[];
  /** Of the comparison of slots. */
  readonly slots: string[];
  /** Of that of features. */
  readonly features: string[];
}

/** The notes on a comparison. */
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
    both: [...personNotes({ shared, ...persons }), wordingNote(a, b)],
    slots: slotNotes(a, b),
    features: [featureNote(a, b)],
  };
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
    return [`Both runs are about the same ${a} persons: differences are paired, person by person.`];
  }
  const who = shared === 0
    ? "no person is in both: the difference includes that of the persons, and the intervals take " +
      "the runs as independent"
    : `${shared} persons are in both and are paired: the difference includes that of the others`;
  return [`The runs are about different persons, ${a} and ${b}; ${who}.`];
}

const CHOSEN =
  "one feature of each relation, chosen on one half of the persons by its AUROC and estimated on the " +
  "other half";

function slotNotes(a: ComparedSite, b: ComparedSite): string[] {
  const [aSlots, bSlots] = [a, b].map(({ selectivity, freeCount }) =>
    selectivity.record.n_features > freeCount
  );
  if (aSlots === bSlots) return [];
  return [
    `Run ${
      aSlots ? "B" : "A"
    } has no slots. In their place stands ${CHOSEN}; the slots are estimated ` +
    "on that half, too: equally many features of both.",
  ];
}

function featureNote(a: ComparedSite, b: ComparedSite): string {
  return a.sae === b.sae
    ? `Features: ${CHOSEN}. It is chosen in run A and is the same in run B, for the SAEs are the ` +
      "same; it is among those whose activations both runs kept."
    : `Features: ${CHOSEN}, in each run for itself, for the SAEs are different ones.`;
}

function wordingNote(a: ComparedSite, b: ComparedSite): string {
  const [first, second] = [a, b].map(({ selectivity }) => selectivity.record.wordings);
  if (!first || !second) return "The wordings of the questions are not known in both runs.";
  const isSame = first.toSorted().join("\n") === second.toSorted().join("\n");
  return isSame
    ? `Intervals are over persons and hold for these wordings (${first.length} in both runs).`
    : `The wordings are different ones (${first.length} and ${second.length}); intervals are over ` +
      "persons and hold for these wordings alone.";
}
