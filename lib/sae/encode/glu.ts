/**
 * SAEs whose p is multiplied with the sigmoid of a second product, a gated linear unit:
 *
 *     p = (W h + b) sigmoid(V h + c)
 *
 * A backend computes the two products, and the CPU what becomes of them.
 *
 * @module
 */
import { activate, activationOf } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { EncoderWeights, Sae } from "../sae.ts";
import { sigmoid } from "../sigmoid.ts";
import { type Cutoffs, emptyCutoffs, LargestFeatures } from "../top_k.ts";
import { COLUMN_BYTES, columnRuns } from "./columns.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import type { KeptFeatures } from "./feature_groups.ts";
import type { EncodeBackend } from "./encode_task.ts";
import { runProducts } from "./products.ts";
import { reduceColumns } from "./reduce_columns.ts";

/**
 * Encodes with such an SAE.
 *
 * @param input Its hidden states have gone through the SAE's input steps.
 * @param glu V and c.
 * @param encode The backend.
 */
export async function encodeGlu(
  input: EncodeInput,
  { kept, glu }: { kept: KeptFeatures; glu: EncoderWeights },
  encode: EncodeBackend,
): Promise<Encoded> {
  const { hidden, sae } = input;
  const multiplied = async (range: FeatureRange) => {
    const p = await runProducts(encode, sae, { hidden, range });
    const gates = await runProducts(encode, glu, { hidden, range });
    for (let i = 0; i < p.length; i++) p[i]! *= sigmoid(gates[i]!);
    return p;
  };
  const cutoffs = await findCutoffs(input, multiplied);
  const encoded = await reduceColumns(input, kept, async (range) => {
    return activated(await multiplied(range), { sae, range, cutoffs });
  });
  return { ...encoded, cutoffs };
}

/** What top-k leaves of each state; undefined of SAEs without. */
async function findCutoffs(
  { hidden: { count: questions }, sae, columnBytes = COLUMN_BYTES }: EncodeInput,
  multiplied: (range: FeatureRange) => Promise<Float32Array>,
): Promise<Cutoffs | undefined> {
  const { threshold: topK } = sae.activation;
  if (typeof topK !== "object" || !("k" in topK)) return undefined;
  const largest = Array.from({ length: questions }, () => new LargestFeatures(topK));
  for (const range of columnRuns(sae.featureCount, questions, columnBytes / 2)) {
    const p = await multiplied(range);
    largest.forEach((features, question) => {
      const from = question * range.count;
      features.add(p.subarray(from, from + range.count), range.first);
    });
  }
  const cutoffs = emptyCutoffs(questions);
  largest.forEach(({ cutoff: { threshold, end } }, question) => {
    cutoffs.thresholds[question] = threshold;
    cutoffs.ends[question] = end;
  });
  return cutoffs;
}

/** z of p `[questions, features]`, turned round. */
function activated(
  p: Float32Array,
  { sae: { activation }, range: { first, count }, cutoffs }: {
    sae: Sae;
    range: FeatureRange;
    cutoffs: Cutoffs | undefined;
  },
): Float32Array<ArrayBuffer> {
  const questions = p.length / count;
  const values = new Float32Array(p.length);
  for (let i = 0; i < count; i++) {
    const feature = first + i;
    const own = activationOf(activation, feature);
    for (let question = 0; question < questions; question++) {
      const value = p[question * count + i]!;
      if (cutoffs !== undefined) {
        const size = own.byMagnitude ? Math.abs(value) : value;
        const cutoff = cutoffs.thresholds[question]!;
        const isKept = size > cutoff || size === cutoff && feature < cutoffs.ends[question]!;
        if (!isKept) continue;
      }
      values[i * questions + question] = activate(own, value);
    }
  }
  return values;
}
