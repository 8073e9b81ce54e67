/**
 * Where the moments of a column of which few activations are not 0 stand in memory.
 *
 * @module
 */

/**
 * Numbers of each group: what is known of a design, what is summed, and what is found. Of the groups before one: their
 * moments; how a group is merged with those before it, and with those after it, and how these are with those: how many
 * values the first ones have, and the share of the others of all.
 */
export type FewRow =
  | "sizes"
  | "divisors"
  | "sums"
  | "offsets"
  | "squares"
  | "zeros"
  | "distances"
  | "meanIn"
  | "meanOut"
  | "squaresIn"
  | "squaresOut"
  | "meanBefore"
  | "distanceBefore"
  | "squaresBefore"
  | "countBefore"
  | "shareBefore"
  | "countAfter"
  | "shareAfter"
  | "shareOutside";

const ROWS: readonly FewRow[] = [
  "sizes",
  "divisors",
  "sums",
  "offsets",
  "squares",
  "zeros",
  "distances",
  "meanIn",
  "meanOut",
  "squaresIn",
  "squaresOut",
  "meanBefore",
  "distanceBefore",
  "squaresBefore",
  "countBefore",
  "shareBefore",
  "countAfter",
  "shareAfter",
  "shareOutside",
];

/**
 * Where everything stands, in bytes: a row of each of these; see `FewMoments` for the others; and how
 * many bytes that is.
 */
export type FewLayout = Readonly<Record<FewRow | "active" | "groups" | "values" | "bytes", number>>;

/** Lays out so many groups, and at most so many activations that are not 0. */
export function fewLayout(groupCount: number, most: number): FewLayout {
  const row = 8 * groupCount;
  const active = ROWS.length * row;
  const groups = active + row;
  const values = groups + 8 * most;
  const rows = Object.fromEntries(ROWS.map((name, i) => [name, i * row])) as Record<FewRow, number>;
  return { ...rows, active, groups, values, bytes: values + 8 * most };
}
