/**
 * Where the scores of persons, and what is made of them, stand in memory: what the WebAssembly code and its
 * twin in TypeScript share.
 *
 * @module
 */
import { MOST_RUNGS } from "./ladder.ts";

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

/** Addresses are in bytes. Rows of scores are `[groups, stride]`, rows of distances `[rows, stride]`, whole numbers of 32 bits. */
export interface StrataLayout {
  /** How many scores a person has. */
  readonly groupCount: number;
  /**
   * How many distances. Where persons are all in every group, it is one less than scores: nothing is said of the
   * score at the end from which they are taken, whose distance is 0.
   */
  readonly rows: number;
  /** How many persons a row holds; even. */
  readonly stride: number;
  /** Whether persons are not all in every group. */
  readonly isRagged: boolean;
  /** The scores. */
  readonly scores: number;
  /** How far each is below its person's highest. */
  readonly below: number;
  /** How far each is above the lowest. */
  readonly above: number;
  /** The sums: 16 bytes each. */
  readonly sums: number;
  /** The largest ranges of four runs of persons, and then the bits that any of their distances has. */
  readonly ranges: number;
  /** Of persons who are not all in every group: how many scores each has, two floats a pair of persons. */
  readonly helds: number;
  /** For each group and person, a float all of whose bits are whether the person is in it. */
  readonly masks: number;
  /** e^(−t·d) for the lower bits of d. */
  readonly fine: number;
  /** The same for the rest of d. */
  readonly coarse: number;
  /** The products of both, for distances below {@linkcode TABLE_LENGTH}. */
  readonly table: number;
  /** What some pairs of persons give, before it is gone through again: {@linkcode PAIR} bytes each. */
  readonly pairs: number;
  /** The products of persons' mean weights at the rungs of a ladder: two numbers each, one a lane. */
  readonly products: number;
  /** How much memory that is. */
  readonly bytes: number;
}

/**
 * So many pairs of persons are gone through twice, one step for each: a processor has several pairs under way
 * at once only if the steps are short.
 */
export const PAIRS = 32;
/** How many bytes are kept of a pair: five vectors. */
export const PAIR = 80;

/** So many products of the two tables are looked up as one; of more, the processor's cache is too small. */
export const TABLE_LENGTH = 8192;

/** So many bits at least has the finer of two tables that are multiplied: eight products at a time. */
export const LEAST_BITS = 3;

/** How many bits of a distance up to `range` the finer of the two tables takes. */
export function fineBits(range: number): number {
  return Math.max(1, Math.ceil(Math.log2(range + 1) / 2));
}

/**
 * Lays out so many persons whose scores differ by at most `range`, below 2³¹.
 *
 * @param isRagged Whether they are not all in every group.
 */
export function strataLayout(
  { groupCount, persons, range, isRagged }: {
    groupCount: number;
    persons: number;
    range: number;
    isRagged: boolean;
  },
): StrataLayout {
  const stride = persons + persons % 2;
  let bytes = 0;
  const room = (size: number) => {
    const at = bytes;
    bytes += 16 * Math.ceil(size / 16);
    return at;
  };
  const row = 4 * groupCount * stride;
  const rows = isRagged ? groupCount : groupCount - 1;
  const table = 8 * 2 ** Math.max(LEAST_BITS, fineBits(range)); // enough for all smaller ranges, too
  return {
    groupCount,
    rows,
    stride,
    isRagged,
    scores: room(isRagged ? 0 : row),
    below: room(row),
    above: room(row),
    sums: room(16 * SPREAD_SUMS.length),
    ranges: room(32),
    helds: room(isRagged ? 8 * stride : 0),
    masks: room(isRagged ? 2 * row : 0),
    fine: room(table),
    coarse: room(table + 8),
    table: room(isRagged ? 0 : 8 * TABLE_LENGTH),
    pairs: room(PAIR * PAIRS),
    products: room(isRagged ? 0 : 16 * MOST_RUNGS),
    bytes,
  };
}

/** So many bits of a distance, as it stands there, are below those of a place among the weights. */
export function placeBits({ isRagged }: Pick<StrataLayout, "isRagged">): number {
  return isRagged ? 0 : 3;
}

/** Goes through persons, two at a time. */
export interface StrataCode {
  /** The memory. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Reads scores: writes how far they are below and above, as if all were even, and {@linkcode SPREAD_SUMS}. Each
   * person's highest score becomes the last one, the lowest the last but one.
   *
   * @param from The address of the first person in the first row of scores, and that after the last.
   */
  spread(from: number, to: number): void;
  /** Doubles how far they are below and above, where some are odd. */
  double(from: number, to: number): void;
  /**
   * Weights distances by the tables, and writes {@linkcode TILT_SUMS}: the product of the mean weights, and
   * the sums of the cumulants of the distances.
   *
   * @param from The address of the first person in the first row of distances, and that after the last.
   * @param bits How many bits of a distance the finer table takes.
   * @param person How far the first person is from the first of all, in a row of floats.
   * @param own The address of the row of masks of the group whose persons count; only where they are not
   * all in every group.
   */
  tilt(from: number, to: number, bits: number, person: number, own: number): void;
  /** Writes the products of the two tables; the finer one takes so many bits, at least 3. */
  multiply(coarseLength: number, bits: number): void;
  /** The same as `tilt`, by the one table of products; only where all persons are in every group. */
  tiltByTable(from: number, to: number): void;
  /**
   * Weights distances by powers of what the tables say, and writes the products of the mean weights at the rungs
   * of a ladder; only where all persons are in every group.
   *
   * @param ladder Its place among the ladders.
   * @param from The address of the first person in the first row of distances, and that after the last.
   * @param bits How many bits of a distance the finer table takes; undefined if there is one table of products.
   */
  climb(ladder: number, from: number, to: number, bits: number | undefined): void;
}
