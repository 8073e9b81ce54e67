/**
 * The features of an SAE whose activations are kept, beside what is measured of each, while all of them
 * go by.
 *
 * @module
 */
import type { FeatureColumns } from "../../sae/encode/columns.ts";
import type { QuestionSample } from "../../questions/sample.ts";
import { LIST_LENGTH } from "../../results/null_record.ts";
import { ListCandidates } from "./list_candidates.ts";
import { SampledFeatures } from "./sampled_features.ts";
import type { Selectivity } from "../../stats/selectivity/selectivity.ts";
import { wholeMoments } from "./whole_moments.ts";
import { fewestDraws } from "./fewest_draws.ts";

/** Keeps those that stand for all, and those that may be on a list of the strongest. */
export class WatchedFeatures {
  /** Those that stand for all. */
  readonly sampled: SampledFeatures;
  /** Those that may be on a list. */
  readonly strongest: ListCandidates;

  readonly #sizes: { readonly nIn: number; readonly nOut: number };

  /** Makes room for some of the free features. */
  constructor({ questions: asked, groupSizes }: QuestionSample, freeCount: number) {
    const questions = asked.length;
    const nIn = groupSizes[0]!;
    this.#sizes = { nIn, nOut: questions - nIn };
    this.sampled = new SampledFeatures({ freeCount, questions });
    this.strongest = new ListCandidates({
      freeCount,
      questions,
      length: Math.min(LIST_LENGTH, freeCount),
      fewest: fewestDraws({ questions: asked, groupSizes }),
    });
  }

  /**
   * Looks at neighbouring features; the values stay the caller's.
   *
   * @param measures What was measured of them, `[groups, features]` each.
   */
  see(columns: FeatureColumns, measures: Selectivity): void {
    this.sampled.see(columns);
    const { questions, values } = columns;
    this.strongest.see(columns, (i) => ({
      ...wholeMoments(measures, i, this.#sizes),
      ...extremesOf(values.subarray(i * questions, (i + 1) * questions)),
    }));
  }
}

/** The greatest activation, and the share of those that are 0. */
function extremesOf(values: Float32Array): { greatest: number; silent: number } {
  let greatest = -Infinity;
  let zeros = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > greatest) greatest = values[i]!;
    if (values[i] === 0) zeros++;
  }
  return { greatest, silent: zeros / values.length };
}
