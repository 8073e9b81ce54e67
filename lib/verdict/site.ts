/**
 * A site as a verdict looks at it: what was measured, and the activations of its listed features.
 *
 * @module
 */
import { bestFeatures } from "../results/best_features.ts";
import type { LayerName } from "../results/layer_name.ts";
import type { QualifiedSelectivity } from "../results/selectivity_table.ts";
import type { HigherFeature } from "../stats/higher_features.ts";
import type { Part } from "./questions.ts";

/** A site that was analysed. */
export interface Site {
  /** The name of its files. */
  readonly layer: LayerName;
  /** What was measured there. */
  readonly found: QualifiedSelectivity;
  /** How many free features it has; slots come after them. */
  readonly freeCount: number;
  /** The slot of each group; none of an SAE without slots. */
  readonly slots: readonly number[];
  /** How many slots the SAE has. */
  readonly slotCount: number;
  /** Where in a prompt features are read; undefined: at the last token. */
  readonly position?: string | undefined;
  /** Whether it is the built-in control by what prompts are made of; the features need not say so. Default: no. */
  readonly isControl?: boolean;
}

/** The activations of a listed feature for some questions. */
export function column({ found }: Site, feature: number, { at }: Part): Float64Array<ArrayBuffer> {
  const { listed } = found.record;
  const row = listed.indexOf(feature);
  if (row === -1) throw new Error(`the activations of feature ${feature} are not kept`);
  const { activations } = found;
  const start = row * (activations.length / listed.length);
  const values = new Float64Array(at.length);
  for (let i = 0; i < values.length; i++) values[i] = activations[start + at[i]!]!;
  return values;
}

/** The place of a group and a feature in the measures. */
export function cell({ found }: Site, group: number, feature: number): number {
  return group * found.record.n_features + feature;
}

/** The listed free features, ascending. */
export function listedFree({ found, freeCount }: Site): number[] {
  return found.record.listed.filter((feature) => feature < freeCount);
}

/** The listed free features that are higher for a group on the choosing half, the best first. */
export function chosenFor({ found, freeCount }: Site, group: number): HigherFeature[] {
  return [...bestFeatures(found, { group, end: freeCount })];
}
