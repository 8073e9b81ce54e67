/**
 * What the AUROCs' variances are made of, from the ranks of persons' questions.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";
import type { DistinctWalk } from "./distinct_walk.ts";
import type { RankWalk, WalkProducts } from "./rank_walk.ts";
import { wholeDeviation } from "./whole_deviation.ts";
import type { Wholes } from "./wholes.ts";

/** The sums of X², Y² and (n₀X + n₁Y)², see `obuchowski`. */
export interface RankProducts {
  /** ΣX². */
  readonly xx: number;
  /** ΣY². */
  readonly yy: number;
  /** Σ(n₀X + n₁Y)². */
  readonly both: number;
}

/** The ranks of a column's persons. */
export interface RankedPersons {
  /** Who is asked what. */
  readonly design: SelectivityDesign;
  /** Whether no activation is 0. */
  readonly hasNoZeros: boolean;
  /** Twice the sum of the midranks of each cell's questions that are not at 0. */
  readonly cellRanks: Wholes;
  /** How many questions of each cell are not at 0. */
  readonly cellNonzeros: Int32Array;
  /** The persons with such a question, ascending; all, if cells differ in size. */
  readonly persons: Int32Array;
  /** How many there are. */
  readonly personCount: number;
  /** Twice the Mann-Whitney U of each group. */
  readonly uDoubled: Float64Array;
  /** Sums over questions that are not at 0. */
  readonly walk: RankWalk;
  /** The same of all questions, of a column without many zeros and ties. */
  readonly distinct: DistinctWalk | undefined;
  /** Twice how many questions of each group are below one at 0; ties count half. */
  readonly zeroPlaces: Float64Array;
  /** How many questions of each person are not at 0. */
  readonly personNonzeros: Int32Array;
  /** Sums over all persons of their counts' squares and products, for those who are idle. */
  readonly squares: Readonly<Record<"aa" | "ab" | "bb", Float64Array>>;
}

/** What the variance of a group's AUROC is made of. */
export function productsOf(ranked: RankedPersons, group: number): RankProducts {
  const { isBalanced, groupSizes, questionCount, counts } = ranked.design;
  const nIn = groupSizes[group]!;
  // Sums of squares of whole numbers, to the last digit.
  const most = 4 * nIn * counts[0]! * Math.max(nIn, questionCount - nIn) ** 2;
  const isExact = isBalanced && most <= Number.MAX_SAFE_INTEGER;
  return isExact ? balancedProducts(ranked, group) : products(ranked, group);
}

/**
 * Where all persons have `a` questions in each
 * group and `b` outside of it: then X = n₁A − au, and ΣA = u, so that sums of squares of whole numbers
 * say all.
 */
function balancedProducts(ranked: RankedPersons, group: number): RankProducts {
  const { groupCount, groupSizes, questionCount, counts, personCount } = ranked.design;
  const a = counts[0]!;
  const b = a * (groupCount - 1);
  const nIn = groupSizes[group]!;
  const nOut = questionCount - nIn;
  const u = ranked.uDoubled[group]!;
  const sums = ranked.distinct?.products(group) ??
    (ranked.hasNoZeros
      ? ranked.walk.products(group, a, 2 * nIn * b)
      : productsWithZeros(ranked, group, a, b));
  const xx = wholeDeviation(nIn, sums.xx, a, u);
  const xy = wholeDeviation(nIn, sums.xy, a, u);
  const yy = wholeDeviation(nOut, sums.yy, b, u);
  const both = nIn * nOut * personCount * (b * xx + 2 * b * xy + a * yy);
  return { xx: nIn * xx, yy: nOut * yy, both };
}

/** The sums of A², AB and B², where some activations are 0. */
function productsWithZeros(
  ranked: RankedPersons,
  group: number,
  a: number,
  b: number,
): WalkProducts {
  const { persons, personCount, cellRanks, cellNonzeros, personNonzeros } = ranked;
  const { own, below, stride } = ranked.walk;
  const most = 2 * ranked.design.groupSizes[group]! * b;
  const row = group * persons.length;
  const zero = ranked.zeroPlaces[group]!;
  const zeroOthers = zerosOfOthers(ranked, group);
  const [idleX, idleY] = [a * zeroOthers, most - b * zero];
  const idle = persons.length - personCount;
  let [xx, xy, yy] = [idle * idleX * idleX, idle * idleX * idleY, idle * idleY * idleY];
  for (let i = 0; i < personCount; i++) {
    const person = persons[i]!;
    const cell = row + person;
    const nonzeros = cellNonzeros[cell]!;
    const same = own[cell]!;
    const zerosIn = a - nonzeros;
    const zerosOut = b - personNonzeros[person]! + nonzeros;
    const x = cellRanks[cell]! - nonzeros - same + zerosIn * zeroOthers;
    const y = most - below[stride * person + group]! + same - zerosOut * zero;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return { xx, xy, yy };
}

/** The same, person by person. */
function products(ranked: RankedPersons, group: number): RankProducts {
  const { groupSizes, questionCount, counts, personSizes } = ranked.design;
  const { persons, personCount, cellRanks, cellNonzeros } = ranked;
  const { own, below, stride } = ranked.walk;
  const personNonzeros = ranked.personNonzeros;
  const zero = ranked.zeroPlaces[group]!;
  const nIn = groupSizes[group]!;
  const nOut = questionCount - nIn;
  const u = ranked.uDoubled[group]!;
  const row = group * persons.length;
  const zeroOthers = zerosOfOthers(ranked, group);
  let aa = ranked.squares.aa[group]!;
  let ab = ranked.squares.ab[group]!;
  let bb = ranked.squares.bb[group]!;
  let xx = 0;
  let yy = 0;
  let both = 0;
  for (let i = 0; i < personCount; i++) {
    const person = persons[i]!;
    const cell = row + person;
    const a = counts[cell]!;
    const b = personSizes[person]! - a;
    aa -= a * a;
    ab -= a * b;
    bb -= b * b;
    const nonzerosIn = cellNonzeros[cell]!;
    const zerosOut = b - personNonzeros[person]! + nonzerosIn;
    const above = cellRanks[cell]! - nonzerosIn - own[cell]! + (a - nonzerosIn) * zeroOthers;
    const under = below[stride * person + group]! - own[cell]! + zerosOut * zero;
    const x = nIn * above - a * u;
    const y = nOut * (2 * nIn * b - under) - b * u;
    xx += x * x;
    yy += y * y;
    const sum = nOut * x + nIn * y;
    both += sum * sum;
  }
  // Those of whom every activation is 0 differ in their numbers of questions alone.
  const x = nIn * zeroOthers - u;
  const y = nOut * (2 * nIn - zero) - u;
  xx += x * x * aa;
  yy += y * y * bb;
  both += nOut * nOut * x * x * aa + 2 * nOut * nIn * x * y * ab + nIn * nIn * y * y * bb;
  return { xx, yy, both };
}

/** Twice how many questions of other groups are below one at 0; ties count half. */
function zerosOfOthers({ zeroPlaces }: RankedPersons, group: number): number {
  return zeroPlaces.reduce((sum, each) => sum + each, -zeroPlaces[group]!);
}
