/**
 * Which features tell the relations apart, relation by relation.
 *
 * @module
 */
import { topFeatures } from "./top_features.ts";

/** Features, chosen relation by relation. */
export interface RelationRanking {
  /** The features: together those strongest for the same relation, descending within. */
  readonly features: number[];
  /** For each feature, the row of the relation for which it is strongest. */
  readonly rows: number[];
  /**
   * Of every relation, so many of its strongest features are among them and as many of its most
   * selective ones.
   */
  readonly depth: number;
  /** How many of all features are zero for every relation. */
  readonly zeros: number;
}

/**
 * Chooses features so that no relation's own are missing: first the strongest feature of each
 * relation, then the most selective one of each, then the second of each kind, and so on. A feature
 * is selective for the relation that it is strongest for, and the more so, the further its value there
 * is above that for every other.
 * Features that are zero everywhere are left out, unless all are. Of equal features the lower comes
 * first.
 *
 * @param matrix A matrix with a column for each feature, rows first.
 * @param shape Its rows, the columns in each, and the column before which to stop.
 * @param count How many features at most.
 * @param which `selective` leaves the strongest out, unless nothing is selective. Default: both.
 */
export function rankByRelation(
  matrix: Float32Array | Float64Array,
  { rows, stride, end }: { rows: number; stride: number; end: number },
  count: number,
  which: "both" | "selective" = "both",
): RelationRanking {
  const alive = aliveFeatures(matrix, { rows, stride, end });
  const candidates = alive.length > 0 ? alive : Array.from({ length: end }, (_, i) => i);
  const wanted = Math.min(count, candidates.length);
  const { first, second, strongestRow } = greatestTwo(matrix, { rows, stride, end });
  const value = (row: number, feature: number) => matrix[row * stride + feature]!;
  const gap = (feature: number) => first[feature]! - second[feature]!;

  const best = (features: readonly number[], score: (feature: number) => number) => {
    const scores = new Float64Array(features.length);
    for (let i = 0; i < scores.length; i++) scores[i] = score(features[i]!);
    return topFeatures(scores, wanted).map((position) => features[position]!);
  };
  const eachRow = Array.from({ length: rows }, (_, row) => row);
  const strongest = eachRow.map((row) => best(candidates, (feature) => value(row, feature)));
  // With one relation there is no other, and nothing to be selective against.
  const standingOut = eachRow.map((): number[] => []);
  for (const feature of rows === 1 ? [] : candidates) {
    if (gap(feature) > 0) standingOut[strongestRow[feature]!]!.push(feature);
  }
  const selective = standingOut.map((features) => best(features, gap));

  const isAnySelective = selective.some(({ length }) => length > 0);
  const lists = which === "selective" && isAnySelective ? selective : [...strongest, ...selective];

  const chosen = new Set<number>();
  let depth = 0;
  for (let rank = 0; rank < wanted; rank++) {
    let isWhole = true;
    for (const list of lists) {
      const feature = list[rank];
      if (feature === undefined || chosen.has(feature)) continue;
      if (chosen.size >= wanted) isWhole = false;
      else chosen.add(feature);
    }
    if (isWhole && depth === rank) depth++;
    if (chosen.size >= wanted && !isWhole) break;
  }
  const features = [...chosen].sort((a, b) =>
    strongestRow[a]! - strongestRow[b]! || first[b]! - first[a]! || a - b
  );
  return {
    features,
    rows: features.map((feature) => strongestRow[feature]!),
    depth,
    zeros: end - alive.length,
  };
}

/** The features that are not zero for every relation, ascending. */
export function aliveFeatures(
  matrix: Float32Array | Float64Array,
  { rows, stride, end }: { rows: number; stride: number; end: number },
): number[] {
  const isAlive = new Uint8Array(end);
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < end; feature++) {
      if (matrix[row * stride + feature] !== 0) isAlive[feature] = 1;
    }
  }
  return [...isAlive.keys()].filter((feature) => isAlive[feature] === 1);
}

/** The greatest and the second greatest value of each feature, and the row of the greatest. */
function greatestTwo(
  matrix: Float32Array | Float64Array,
  { rows, stride, end }: { rows: number; stride: number; end: number },
): { first: Float64Array; second: Float64Array; strongestRow: Int32Array } {
  const first = new Float64Array(end).fill(-Infinity);
  const second = new Float64Array(end).fill(-Infinity);
  const strongestRow = new Int32Array(end);
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < end; feature++) {
      const value = matrix[row * stride + feature]!;
      if (value > first[feature]!) {
        second[feature] = first[feature]!;
        first[feature] = value;
        strongestRow[feature] = row;
      } else if (value > second[feature]!) {
        second[feature] = value;
      }
    }
  }
  return { first, second, strongestRow };
}

/**
 * For each row the feature that stands out most there from all other rows; the strongest one if none
 * stands out. Of equal features it is the lower.
 */
export function mostSelective(
  matrix: Float32Array | Float64Array,
  { rows, stride, end }: { rows: number; stride: number; end: number },
): number[] {
  const { first, second, strongestRow } = greatestTwo(matrix, { rows, stride, end });
  return Array.from({ length: rows }, (_, row) => {
    let [selective, gap] = [-1, 0];
    let [strongest, most] = [0, -Infinity];
    for (let feature = 0; feature < end; feature++) {
      const value = matrix[row * stride + feature]!;
      if (value > most) [strongest, most] = [feature, value];
      if (rows === 1 || strongestRow[feature] !== row) continue;
      if (first[feature]! - second[feature]! <= gap) continue;
      [selective, gap] = [feature, first[feature]! - second[feature]!];
    }
    return selective === -1 ? strongest : selective;
  });
}
