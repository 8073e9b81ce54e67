/**
 * What is found where a backend is held against float64, and which features are.
 *
 * @module
 */

/** How many features are computed again: few enough to cost less than a fiftieth of a run. */
const CHECKED_FEATURES = 8;

/** A value that a backend got wrong. */
export interface Disagreement {
  /** The feature. */
  readonly feature: number;
  /** The number of the segment of questions: the relation's position among the groups. */
  readonly group: number;
  /** What was computed: `mean activation`. */
  readonly what: string;
  /** What the backend says. */
  readonly found: number;
  /** What it should be. */
  readonly expected: number;
  /** What says so: `float64`, or what the backend gave elsewhere. */
  readonly by: "float64" | "the reductions";
}

/** Features spread over all, the first and the last among them. */
export function sampleFeatures(featureCount: number): number[] {
  const count = Math.min(CHECKED_FEATURES, featureCount);
  const last = featureCount - 1;
  return Array.from({ length: count }, (_, i) => Math.round(i * last / Math.max(1, count - 1)));
}
