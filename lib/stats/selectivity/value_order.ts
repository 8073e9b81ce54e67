/**
 * Where the activations of a column stand when they are sorted by group.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** The places of all questions, group by group. */
export interface ValueOrder {
  /** The place of each question. */
  readonly places: Int32Array<ArrayBuffer>;
  /** Where each group begins, and after the last one, where all end. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** Whether a place is a cell: every person has one question in each group. */
  readonly isGrid: boolean;
}

/** The order for a design: as cells stand, if each has one question; else by question. */
export function valueOrder(
  { questionCount, groupCount, groupOf, groupSizes, cellOf, isBalanced, isOnce }: SelectivityDesign,
): ValueOrder {
  const starts = new Int32Array(groupCount + 1);
  for (let group = 0; group < groupCount; group++) {
    starts[group + 1] = starts[group]! + groupSizes[group]!;
  }
  const isGrid = isBalanced && isOnce;
  if (isGrid) return { places: cellOf, starts, isGrid };
  const next = starts.slice();
  const places = new Int32Array(questionCount);
  for (let question = 0; question < questionCount; question++) {
    places[question] = next[groupOf[question]!]!++;
  }
  return { places, starts, isGrid };
}
