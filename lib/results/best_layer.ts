/**
 * The guide's question: which layer is best for interventions?
 *
 * @module
 */
import type { LayerSummary } from "./summary_record.ts";

/**
 * The layer with the largest gap between diagonal and off-diagonal; of equal ones the first.
 *
 * @returns Undefined if fewer than two layers have slots: there is nothing to choose from.
 */
export function bestLayer(layers: readonly LayerSummary[]): LayerSummary | undefined {
  const supervised = layers.filter(({ mean_diagonal }) => mean_diagonal !== null);
  if (supervised.length < 2) return undefined;
  const separation = ({ mean_diagonal, mean_off_diagonal }: LayerSummary) =>
    mean_diagonal! - (mean_off_diagonal ?? 0);
  return supervised.reduce((a, b) => separation(b) > separation(a) ? b : a);
}
