/**
 * Several tilts whose sums are taken at once: each is a multiple of one small tilt, so that a power more of the
 * same weights leads from one to the next.
 *
 * @module
 */

/** So many values are known without a tilt: the function is 0 there, and four derivatives. */
export const KNOWN = 5;

/** The tilts, as multiples of the small one. */
export interface Ladder {
  /** The multiples, ascending: the first is {@linkcode FIRST_RUNG}, the next ones are 1 or 2 more than those before. */
  readonly rungs: readonly number[];
  /**
   * Their places in the order in which a polynomial is led through them: each is as far as can be from those
   * before, so that each one more says what the others miss.
   */
  readonly order: readonly number[];
  /** It reaches so far, in units of 1/range; the polynomial is then exact to about 1e-10. */
  readonly reach: number;
}

/** The first multiple: near 0 the derivatives say more. */
export const FIRST_RUNG = 3;

/** With more groups than these, the code that climbs would be long. */
export const MOST_CLIMBED = 24;

/** The ladders, the shortest first. Rungs are nearer to each other at the end, beyond which nothing is known. */
export const LADDERS: readonly Ladder[] = [
  ladder(6, 2, 1),
  ladder(8, 2, 2),
  ladder(12, 4, 3.8),
  ladder(16, 4, 5.2),
  ladder(20, 4, Infinity),
];

/** Longer than all ladders. */
export const MOST_RUNGS: number = Math.max(...LADDERS.map(({ rungs }) => rungs.length));

function ladder(count: number, near: number, reach: number): Ladder {
  const rungs = [FIRST_RUNG];
  while (rungs.length < count) rungs.push(rungs.at(-1)! + (rungs.length < count - near ? 2 : 1));
  return { rungs, order: leja(rungs), reach };
}

/** Orders rungs as Leja did: the next is where the product of the distances from those before is largest. */
function leja(rungs: readonly number[]): number[] {
  const order: number[] = [];
  const last = rungs.at(-1)!;
  const distance = (place: number) => {
    const rung = rungs[place]! / last;
    return order.reduce((all, each) => all * Math.abs(rung - rungs[each]! / last), rung ** KNOWN);
  };
  while (order.length < rungs.length) {
    const left = rungs.map((_, place) => place).filter((place) => !order.includes(place));
    order.push(left.reduce((best, place) => distance(place) > distance(best) ? place : best));
  }
  return order;
}
