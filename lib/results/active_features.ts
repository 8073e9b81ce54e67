/**
 * How many features of a layer are active in a question.
 *
 * @module
 */
import { questionCount } from "./artifact.ts";
import type { LayerRecord } from "./layer_record.ts";

/** How many features are above the threshold in a question, on average over all questions. */
export function activePerQuestion(record: LayerRecord, consistency: Float64Array): number {
  const { relations, freeCount, slotCount } = record;
  const stride = freeCount + slotCount;
  const active = relations.reduce((sum, { questions }, row) => {
    const shares = consistency.subarray(row * stride, (row + 1) * stride);
    return sum + shares.reduce((all, share) => all + Math.round(share * questions), 0);
  }, 0);
  return active / questionCount(record);
}
