/**
 * Whether top-k left the right features: of a few questions the threshold is held against all features
 * in float64.
 *
 * @module
 */
import { piecesOf } from "../feature_ranges.ts";
import { quickActivation } from "../float64_activation.ts";
import { type Feature, featureOf, stateOf } from "../float64_feature.ts";
import type { Sae } from "../sae.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import type { Disagreement } from "./disagreement.ts";

/** How many questions are checked: each costs as many products as there are weights. */
const CHECKED_QUESTIONS = 1;

/**
 * Finds a question of whose features more than k are above its threshold for certain, or fewer than k
 * perhaps reach it.
 *
 * @param input Its hidden states have gone through the SAE's input steps.
 */
export async function findWrongCutoff(
  { hidden, groupSizes, sae }: EncodeInput,
  { cutoffs }: Encoded,
): Promise<Disagreement | undefined> {
  const { threshold: topK } = sae.activation;
  if (cutoffs === undefined || typeof topK !== "object" || !("k" in topK)) return undefined;
  for (let i = 0; i < Math.min(CHECKED_QUESTIONS, hidden.count); i++) {
    const question = Math.floor((i + 0.5) * hidden.count / CHECKED_QUESTIONS);
    const cutoff = cutoffs.thresholds[question]!;
    const state = stateOf(Float64Array.from(hidden.read(question, 1)));
    let [atLeast, atMost] = [0, 0];
    for await (const feature of featuresOf(sae)) {
      const linear = { ...feature, activation: PLAIN };
      const { z, low, high } = quickActivation(linear, state);
      const byMagnitude = topK.by === "magnitude";
      const tolerance = (high - low) / 2;
      const size = byMagnitude ? Math.abs(z) : z;
      if (size - tolerance > cutoff) atLeast++;
      if (size + tolerance >= cutoff) atMost++;
    }
    if (atLeast <= topK.k && topK.k <= atMost) continue;
    const found = atLeast > topK.k ? atLeast : atMost;
    const what = `number of features kept for question ${question}`;
    const group = groupOf(groupSizes, question);
    return {
      feature: cutoffs.ends[question]! - 1,
      group,
      what,
      found,
      expected: topK.k,
      by: "float64",
    };
  }
  return undefined;
}

/** All features, whose encoders are read some at a time; each is gone when the next comes. */
async function* featuresOf(sae: Sae): AsyncGenerator<Feature> {
  const { width } = sae;
  // Each is looked at before the next comes.
  const room = { own: new Float64Array(width), other: new Float64Array(width) };
  for (const { first, count } of piecesOf(sae.rows, sae.featureCount)) {
    const rows = await sae.rows.read(first, count);
    const gluRows = await sae.glu?.rows.read(first, count);
    for (let i = 0; i < count; i++) {
      const [start, end] = [i * width, (i + 1) * width];
      const gluRow = gluRows?.subarray(start, end);
      yield featureOf(sae, first + i, rows.subarray(start, end), gluRow, room);
    }
    sae.rows.release?.(rows);
    if (gluRows) sae.glu!.rows.release?.(gluRows);
  }
}

/** p itself. */
const PLAIN = { threshold: undefined, byMagnitude: false, floor: undefined, scale: 1, offset: 0 };

function groupOf(groupSizes: readonly number[], question: number): number {
  let end = 0;
  return groupSizes.findIndex((size) => question < (end += size));
}
