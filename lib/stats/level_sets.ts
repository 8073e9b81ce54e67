/**
 * Different scores and how often each is there, for sums over them of functions that are smooth enough:
 * long rows of equally spaced ones, as ranks without ties are, are stood for by few (see
 * `gauss_sum.ts`), which give the same sums but for rounding.
 *
 * @module
 */
import { gaussSum } from "./gauss_sum.ts";

/** Different scores, ascending, and how often each is there. */
export interface ScoreLevels {
  /** The scores. */
  readonly values: Float64Array;
  /** How often each is there: at least once; a fraction where a level stands for others. */
  readonly counts: Float64Array;
}

/** Fewer neighbours than this are not stood for. */
const FEWEST = 32;
/** Rows are cut for tilts, in units of 1/range, up to 2 to this; a steeper one has shorter pieces. */
const LEAST_STEEPNESS = 3;
/**
 * So much may the exponent of e change over a piece. The functions' nearest poles are π away in it, so the
 * error of a sum is below 1e-16 of the largest term (Trefethen, SIAM Review 50, 2008, Theorem 4.5).
 */
const LARGEST_CHANGE = 2;

/** The levels of one column, as many as a tilt needs. */
export class LevelSets {
  readonly #levels: ScoreLevels;
  readonly #range: number;
  readonly #sets: ScoreLevels[] = [];

  /** Reads levels. */
  constructor(levels: ScoreLevels) {
    this.#levels = levels;
    const { values } = levels;
    this.#range = (values.at(-1) ?? 0) - (values[0] ?? 0);
  }

  /** The levels for a tilt, in units of 1/range. */
  for(tilt: number): ScoreLevels {
    const steepness = Math.max(LEAST_STEEPNESS, Math.ceil(Math.log2(Math.abs(tilt))));
    const width = LARGEST_CHANGE * this.#range / 2 ** steepness;
    return this.#sets[steepness] ??= condensed(this.#levels, width);
  }
}

/** Levels that stand for these; no row that one stands for is wider than a width. */
function condensed(levels: ScoreLevels, width: number): ScoreLevels {
  const { values, counts } = levels;
  const toValues: number[] = [];
  const toCounts: number[] = [];
  for (let start = 0; start < values.length;) {
    const end = rowEnd(levels, start);
    const step = end - start > 1 ? values[start + 1]! - values[start]! : 0;
    const most = Math.min(end - start, Math.floor(width / step));
    // A row is cut into pieces of as many as powers of two.
    for (let size = 2 ** Math.floor(Math.log2(most)); size >= FEWEST; size /= 2) {
      const { nodes, weights } = gaussSum(size);
      for (; end - start >= size; start += size) {
        const middle = (values[start]! + values[start + size - 1]!) / 2;
        for (let i = 0; i < nodes.length; i++) {
          toValues.push(middle + step * nodes[i]!);
          toCounts.push(counts[start]! * weights[i]!);
        }
      }
    }
    for (; start < end; start++) {
      toValues.push(values[start]!);
      toCounts.push(counts[start]!);
    }
  }
  if (toValues.length === values.length) return levels;
  return { values: Float64Array.from(toValues), counts: Float64Array.from(toCounts) };
}

/** Where levels stop being equally spaced and as often there. */
function rowEnd({ values, counts }: ScoreLevels, start: number): number {
  const step = values[start + 1]! - values[start]!;
  let end = start + 1;
  while (end < values.length && values[end]! - values[end - 1]! === step) {
    if (counts[end] !== counts[start]) break;
    end++;
  }
  return end;
}
