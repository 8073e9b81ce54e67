/**
 * Where the scores of persons, and what is made of them, stand in memory: what the WebAssembly code and its
 * twin in TypeScript share.
 *
 * @module
 */

/** What two persons' strata give, summed over a run of them: two numbers each, one a lane. */
export const SPREAD_SUMS = [
  "mean",
  "variance",
  "skew",
  "kurtosis",
  "highest",
  "lowest",
  "tiesHigh",
  "tiesLow",
] as const;
/** What they give at a tilt. */
export const TILT_SUMS = ["mass", "gap", "spread", "skew", "kurtosis"] as const;

/** Addresses are in bytes. Rows of scores are `[groups, stride]`, whole numbers of 32 bits. */
export interface StrataLayout {
  /** How many scores a person has. */
  readonly groupCount: number;
  /** How many persons a row holds; even. */
  readonly stride: number;
  /** The scores. */
  readonly scores: number;
  /** How far each is below its person's highest. */
  readonly below: number;
  /** How far each is above the lowest. */
  readonly above: number;
  /** The sums: 16 bytes each. */
  readonly sums: number;
  /** The largest ranges of four runs of persons. */
  readonly ranges: number;
  /** e^(−t·d) for the lower bits of d. */
  readonly fine: number;
  /** The same for the rest of d. */
  readonly coarse: number;
  /** How much memory that is. */
  readonly bytes: number;
}

/** How many bits of a distance up to `range` the finer of the two tables takes. */
export function fineBits(range: number): number {
  return Math.max(1, Math.ceil(Math.log2(range + 1) / 2));
}

/** Lays out so many persons whose scores differ by at most `range`, below 2³¹. */
export function strataLayout(groupCount: number, persons: number, range: number): StrataLayout {
  const stride = persons + persons % 2;
  const row = Math.ceil(4 * groupCount * stride / 16) * 16;
  const fine = 3 * row + 16 * (SPREAD_SUMS.length + 1);
  const table = 8 * 2 ** fineBits(range); // enough for all smaller ranges, too
  return {
    groupCount,
    stride,
    scores: 0,
    below: row,
    above: 2 * row,
    sums: 3 * row,
    ranges: 3 * row + 16 * SPREAD_SUMS.length,
    fine,
    coarse: fine + table,
    bytes: fine + 2 * table,
  };
}

/** Goes through persons, two at a time. */
export interface StrataCode {
  /** The memory. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Reads scores: writes how far they are below and above, and {@linkcode SPREAD_SUMS}.
   *
   * @param from The address of the first person in the first row of scores, and that after the last.
   */
  spread(from: number, to: number): void;
  /**
   * Weights distances by the tables, and writes {@linkcode TILT_SUMS}: the product of the mean weights, and
   * the sums of the cumulants of the distances.
   *
   * @param from The address of the first person in the first row of distances, and that after the last.
   * @param bits How many bits of a distance the finer table takes.
   */
  tilt(from: number, to: number, bits: number): void;
}
