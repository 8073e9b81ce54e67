/**
 * How uncertain an AUROC is when each person is asked several questions.
 *
 * DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), for placements; Obuchowski, Biometrics 53
 * (1997), for clusters that hold questions of both kinds.
 *
 * @module
 */
import { pairsAbove } from "./pairs_above.ts";

/** An AUROC, and what its variance is made of. */
export interface ClusteredVariance {
  /** How many questions are in the group. */
  readonly nIn: number;
  /** How many are not. */
  readonly nOut: number;
  /** The AUROC. */
  readonly auroc: number;
  /** Its variance; null with fewer than two persons on a side. */
  readonly variance: number | null;
  /** I₁₀/(I₁₀−1)·ΣX²/n₁, X being a person's deviations in the group; null of fewer than two. */
  readonly s10: number | null;
  /** I₀₁/(I₀₁−1)·ΣY²/n₀, Y being a person's deviations outside of it; null of fewer than two. */
  readonly s01: number | null;
  /** I/(I−1)·ΣXY; null of fewer than two persons. */
  readonly s11: number | null;
  /** How many persons have a question in the group. */
  readonly i10: number;
  /** How many persons have a question outside of it. */
  readonly i01: number;
  /** How many persons there are. */
  readonly persons: number;
  /** Whether all activations are equal. */
  readonly isConstant: boolean;
}

/**
 * The AUROC of a feature for a group, and its variance with persons as clusters:
 * I₁₀/(I₁₀−1)·ΣX²/n₁² + I₀₁/(I₀₁−1)·ΣY²/n₀² + 2·I/(I−1)·ΣXY/(n₁n₀). With one question a person it is
 * DeLong's.
 *
 * It is for intervals. A p made of it is wrong for features that are rarely active: use
 * {@linkcode rankSumTail}.
 *
 * @param values A feature's activations, one a question.
 * @param design Whether each question is in the group, and whose it is: the person's number, from 0.
 * Default: each question is a person's only one.
 * @returns Null if a side is empty.
 * @throws {RangeError} If an activation is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clusteredVariance } from "@coact/coact";
 *
 * const values = [0.9, 0.1, 0.8, 0.4, 0.3, 0.5];
 * const inGroup = [1, 0, 1, 0, 1, 0];
 * const clustered = clusteredVariance(values, { inGroup, persons: [0, 0, 1, 1, 2, 2] });
 * assert.equal(clustered?.auroc.toFixed(4), "0.7778");
 * assert.equal(clustered?.variance?.toFixed(4), "0.0864");
 * assert.equal(clusteredVariance(values, { inGroup })?.variance?.toFixed(4), "0.0617"); // DeLong's
 * ```
 */
export function clusteredVariance(
  values: ArrayLike<number>,
  { inGroup, persons }: {
    inGroup: ArrayLike<number | boolean>;
    persons?: ArrayLike<number> | undefined;
  },
): ClusteredVariance | null {
  const { above, nIn, nOut, isConstant } = pairsAbove(values, inGroup);
  if (nIn === 0 || nOut === 0) return null;

  // Whole numbers: a question in the group is above `above` halves of others, one outside below some.
  const clusters = new Map<number, Cluster>();
  const clusterOf = (i: number) => {
    const person = persons === undefined ? i : persons[i]!;
    let cluster = clusters.get(person);
    if (cluster === undefined) {
      clusters.set(person, cluster = { in: 0, out: 0, above: 0, below: 0 });
    }
    return cluster;
  };
  let uDoubled = 0;
  for (let i = 0; i < above.length; i++) {
    if (!inGroup[i]) continue;
    const cluster = clusterOf(i);
    cluster.in++;
    cluster.above += above[i]!;
    uDoubled += above[i]!;
  }
  for (let i = 0; i < above.length; i++) {
    if (inGroup[i]) continue;
    const cluster = clusterOf(i);
    cluster.out++;
    cluster.below += above[i]!;
  }
  const sums = sumClusters([...clusters.values()], { nIn, nOut, uDoubled });
  return { nIn, nOut, auroc: uDoubled / (2 * nIn * nOut), isConstant, ...sums };
}

/** A person's questions: how many, and twice the pairs with the other side that are higher. */
interface Cluster {
  in: number;
  out: number;
  above: number;
  below: number;
}

/**
 * The sums over persons. X and Y are whole numbers over 2·n₁·n₀, and the variance is a sum of three
 * squares: it is 0 exactly where it should be, and never below.
 */
function sumClusters(
  clusters: readonly Cluster[],
  { nIn, nOut, uDoubled }: { nIn: number; nOut: number; uDoubled: number },
): Pick<ClusteredVariance, "variance" | "s10" | "s01" | "s11" | "i10" | "i01" | "persons"> {
  let [xx, yy, xy, both, i10, i01] = [0, 0, 0, 0, 0, 0];
  for (const cluster of clusters) {
    const x = nIn * cluster.above - cluster.in * uDoubled;
    const y = nIn * 2 * nOut * cluster.out - nOut * cluster.below - cluster.out * uDoubled;
    xx += x * x;
    yy += y * y;
    xy += x * y;
    const sum = nOut * x + nIn * y;
    both += sum * sum;
    if (cluster.in > 0) i10++;
    if (cluster.out > 0) i01++;
  }
  const scale = (2 * nIn * nOut) ** 2;
  const persons = clusters.length;
  return {
    variance: i10 < 2 || i01 < 2 ? null : obuchowski({ xx, yy, both }, {
      nIn,
      nOut,
      i10,
      i01,
      persons,
    }),
    s10: i10 < 2 ? null : factor(i10) * xx / (scale * nIn),
    s01: i01 < 2 ? null : factor(i01) * yy / (scale * nOut),
    s11: persons < 2 ? null : factor(persons) * xy / scale,
    i10,
    i01,
    persons,
  };
}

/**
 * The variance from sums of whole numbers: ΣX², ΣY² and Σ(n₀X + n₁Y)², X and Y times 2·n₁·n₀.
 *
 * With factors a ≥ c and b ≥ c for I₁₀, I₀₁ and I, a·x² + b·y² + 2c·xy = c·(x + y)² + (a − c)·x² +
 * (b − c)·y².
 */
export function obuchowski(
  { xx, yy, both }: { xx: number; yy: number; both: number },
  { nIn, nOut, i10, i01, persons }: {
    nIn: number;
    nOut: number;
    i10: number;
    i01: number;
    persons: number;
  },
): number {
  const common = factor(persons);
  const scale = (2 * nIn * nOut) ** 2;
  const pairs = nIn * nOut;
  return (common * both / (pairs * pairs) + (factor(i10) - common) * xx / (nIn * nIn) +
    (factor(i01) - common) * yy / (nOut * nOut)) / scale;
}

/** What makes the mean square of so many persons' deviations an unbiased one, times their number. */
function factor(persons: number): number {
  return persons / (persons - 1);
}
