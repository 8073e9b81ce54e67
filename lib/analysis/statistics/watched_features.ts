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
import type { MeasuredFeatures } from "./selectivity_collector.ts";
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

  /** Looks at neighbouring features; the values stay the caller's. */
  see(
    columns: FeatureColumns,
    { measures, extremes: { greatest, silent } }: MeasuredFeatures,
  ): void {
    this.sampled.see(columns);
    this.strongest.see(columns, (i) => {
      const { mean, deviation } = wholeMoments(measures, i, this.#sizes);
      return { mean, deviation, greatest: greatest[i]!, silent: silent[i]! };
    });
  }
}
