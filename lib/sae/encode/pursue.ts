/**
 * Encodes by matching pursuit. A backend computes the products of what is left of all states with all
 * directions, in float32; the features that may be the greatest by them are held against each other in
 * float64, so that every backend picks the same.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { LARGEST_FLOAT32 } from "../../tensors/magnitude.ts";
import { LINEAR } from "../activation.ts";
import { CHUNK_BYTES } from "../feature_ranges.ts";
import { readFeatures } from "../float64_feature.ts";
import { preparedRow } from "../input.ts";
import { PursuedState, type Pursuit } from "../pursuit.ts";
import { type Disagreement, sampleFeatures } from "./disagreement.ts";
import type { EncodeBackend } from "./encode_task.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import type { KeptFeatures } from "./feature_groups.ts";
import { longestDirection, pickOnce } from "./pick_features.ts";
import { reduceColumns } from "./reduce_columns.ts";

/** How many bytes what is left of states takes at a time. */
const STATE_BYTES = CHUNK_BYTES;

/**
 * Encodes with such an SAE. Its input steps are taken here, so that nothing is rounded before the
 * picks.
 *
 * @param encode The backend.
 */
export async function encodePursued(
  input: EncodeInput,
  { kept, pursuit }: { kept: KeptFeatures; pursuit: Pursuit },
  encode: EncodeBackend,
): Promise<Encoded> {
  const { hidden, sae } = input;
  const work = {
    sae,
    encode,
    sampled: await readFeatures({ ...sae, activation: LINEAR }, sampleFeatures(sae.featureCount)),
    longest: await longestDirection(sae),
  };
  const picked: ReadonlyMap<number, number>[] = [];
  let wrong: Disagreement | undefined;
  const atOnce = Math.max(1, Math.floor(STATE_BYTES / (8 * hidden.width)));
  for (let first = 0; first < hidden.count; first += atOnce) {
    const count = Math.min(atOnce, hidden.count - first);
    const values = hidden.read(first, count);
    const states = Array.from({ length: count }, (_, i) => {
      const own = values.subarray(i * hidden.width, (i + 1) * hidden.width);
      return new PursuedState(preparedRow(sae.input, own, first + i), pursuit);
    });
    for (;;) {
      const active = states.filter(({ isDone }) => !isDone);
      if (active.length === 0) break;
      if (active.some(({ length }) => !(length < LARGEST_FLOAT32))) throw growing();
      const found = await pickOnce(active, work);
      wrong ??= found && { ...found, group: 0 };
    }
    picked.push(...states.map(({ activations }) => activations));
  }
  const encoded = await reduceColumns(input, kept, (range) => {
    const values = new Float32Array(range.count * hidden.count);
    picked.forEach((activations, question) => {
      for (const [feature, z] of activations) {
        const column = feature - range.first;
        if (column >= 0 && column < range.count) values[column * hidden.count + question] = z;
      }
    });
    return Promise.resolve(values);
  });
  return { ...encoded, wrong };
}

function growing(): InputError {
  return new InputError(
    "what the SAE leaves of a state grows with every feature that it picks, past what float32 holds: " +
      "its decoder's directions are longer than 1; its weights were scaled or its training failed: " +
      "take another checkpoint",
  );
}
