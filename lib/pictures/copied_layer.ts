/**
 * Copies of a layer's statistics for a thread that draws them.
 *
 * @module
 */
import { type Copied, copiedMeasures } from "../results/copied_measures.ts";
import type { MeasuredLayer } from "./run_picture.ts";

/** Copies all that is known of a layer's statistics. */
export function copiedLayer({ record, site, tests }: MeasuredLayer): Copied<MeasuredLayer> {
  const { copy: measures, buffers } = copiedMeasures(site.measures);
  const log10Q = site.log10Q.slice();
  const [activations, questions] = [site.activations.slice(), site.questions.slice()];
  const nulls = site.nulls && {
    ...site.nulls,
    activations: site.nulls.activations.slice(),
    lists: { ...site.nulls.lists, activations: site.nulls.lists.activations.slice() },
  };
  const arrays = [log10Q, activations, questions];
  const ofNulls = nulls === undefined ? [] : [nulls.activations, nulls.lists.activations];
  return {
    copy: { record, tests, site: { ...site, measures, log10Q, activations, questions, nulls } },
    buffers: [...buffers, ...[...arrays, ...ofNulls].map(({ buffer }) => buffer)],
  };
}
