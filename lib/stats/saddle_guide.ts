/**
 * Where the saddlepoints of a drawing are, from a table: near enough that one step of Newton's method leads
 * there. The table is made once and serves all sums that can be drawn.
 *
 * @module
 */

/** What a tilt gives: derivatives of Σ ln(1 − π + π·e^(s + tb)) by s and t. */
export interface TiltedDrawing {
  /** The first by s, less the number drawn. */
  readonly byS: number;
  /** The first by t: the expected sum. */
  readonly byT: number;
  /** The second by s. */
  readonly ss: number;
  /** By s and t. */
  readonly st: number;
  /** The second by t. */
  readonly tt: number;
}

/** A saddlepoint. */
export interface Saddle {
  /** The tilt by number. */
  readonly s: number;
  /** The tilt by score. */
  readonly t: number;
}

/** A row of the table: a tilt, the sum that it leads to, and how the tilts change with the sum. */
interface Row extends Saddle {
  readonly sum: number;
  readonly slopeS: number;
  readonly slopeT: number;
}

/** Tilts are this far apart, in units of 1/range. */
const STEP = 0.25;
/** Beyond, p is so small that few features are there. */
const LARGEST = 32;
const MOST_STEPS = 50;

/**
 * A table of saddlepoints, from the mean on.
 *
 * @param at The derivatives at a tilt.
 * @returns Where to seek that of a sum, as a distance from the mean; undefined beyond the table.
 */
export function saddleGuide(
  at: (s: number, t: number) => TiltedDrawing,
): (sum: number) => Saddle | undefined {
  const rows: Row[] = [];
  let s = 0;
  for (let t = 0; t <= LARGEST; t += STEP) {
    let here = at(s, t);
    for (let step = 0; step < MOST_STEPS; step++) {
      const move = -here.byS / here.ss;
      s += move;
      here = at(s, t);
      if (Math.abs(move) <= 1e-12 * (1 + Math.abs(s))) break;
    }
    const slopeT = 1 / (here.tt - here.st * here.st / here.ss);
    const ratio = -here.st / here.ss; // of s to t where as many are drawn
    if (!(slopeT > 0 && here.byT > (rows.at(-1)?.sum ?? -1))) break;
    rows.push({ s, t, sum: here.byT, slopeS: ratio * slopeT, slopeT });
    s += ratio * STEP;
  }
  return (sum) => {
    let [low, high] = [0, rows.length - 1];
    if (!(high > 0 && sum < rows[high]!.sum)) return undefined;
    while (high - low > 1) {
      const middle = low + high >> 1;
      if (rows[middle]!.sum <= sum) low = middle;
      else high = middle;
    }
    return between(rows[low]!, rows[high]!, sum);
  };
}

/** By the cubic that has the values and slopes of both rows. */
function between(one: Row, other: Row, sum: number): Saddle {
  const width = other.sum - one.sum;
  const x = (sum - one.sum) / width;
  const rest = 1 - x;
  const value = (a: number, slopeA: number, b: number, slopeB: number) =>
    rest * rest * (a * (1 + 2 * x) + slopeA * width * x) +
    x * x * (b * (1 + 2 * rest) - slopeB * width * rest);
  return {
    s: value(one.s, one.slopeS, other.s, other.slopeS),
    t: value(one.t, one.slopeT, other.t, other.slopeT),
  };
}
