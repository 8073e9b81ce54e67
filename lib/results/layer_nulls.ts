/**
 * What is found at a site without the SAE: the best of each set, with their activations.
 *
 * @module
 */
import type { NullRecord, NullSetName } from "./null_record.ts";

/** What is found at a site without the SAE that was trained. */
export interface LayerNulls {
  /** What it is. */
  readonly record: NullRecord;
  /** The activations of the best of each group, `[sets × groups, questions]`; zeros where there is none. */
  readonly activations: Float32Array<ArrayBuffer>;
  /** The features that may be on a list of the strongest, and their activations, `[features, questions]`. */
  readonly lists: {
    readonly features: readonly number[];
    readonly activations: Float32Array<ArrayBuffer>;
  };
}

/** The row of the activations that is the best of a group in a set. */
export function nullRow(
  { record: { sets }, activations }: LayerNulls,
  name: NullSetName,
  group: number,
): Float32Array<ArrayBuffer> {
  const groupCount = sets[0]!.best.length;
  const count = activations.length / (sets.length * groupCount);
  const row = sets.findIndex((set) => set.name === name) * groupCount + group;
  return activations.subarray(row * count, (row + 1) * count);
}
