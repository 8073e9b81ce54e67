/**
 * What a reader of a comparison of two runs has to know.
 *
 * @module
 */
import type { ComparedSite } from "./run_comparison.ts";

/** The notes, in sentences. */
export function comparisonNotes(
  a: ComparedSite,
  b: ComparedSite,
  { shared, ...persons }: {
    readonly a: number | null;
    readonly b: number | null;
    readonly shared: number | null;
  },
): string[] {
  return [...personNotes({ shared, ...persons }), ...saeNotes(a, b), wordingNote(a, b)];
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

function saeNotes(a: ComparedSite, b: ComparedSite): string[] {
  const isSame = a.sae === b.sae;
  const [aSlots, bSlots] = [a, b].map(({ selectivity, freeCount }) =>
    selectivity.record.n_features > freeCount
  );
  const chosen =
    "of each relation, chosen on one half of the persons by its AUROC, and estimated on " +
    "the other half";
  return [
    ...(aSlots !== bSlots
      ? [
        `Run ${aSlots ? "B" : "A"} has no slots. In their place stands one feature ${chosen}, as ` +
        "the slots are then, too: equally many features of both.",
      ]
      : []),
    isSame
      ? `Features: one ${chosen}. It is chosen in run A and is the same in run B, for the SAEs are ` +
        "the same; it is among those whose activations both runs kept."
      : `Features: one ${chosen}, in each run for itself, for the SAEs are different ones.`,
  ];
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
