/** A single hidden state through an SAE and back, in float64. */
import { decodeStates, type Decoding } from "../../lib/sae/decode.ts";
import { encodeRows } from "../../lib/sae/encode_row.ts";
import type { Sae } from "../../lib/sae/sae.ts";

/** All activations of a hidden state, `[featureCount]`. */
export async function encodeRow(sae: Sae, state: Float64Array): Promise<Float64Array> {
  return (await encodeRows(sae, [state]))[0]!;
}

/** What the decoder makes of the activations of a hidden state, `[decoder.width]`. */
export async function decodeRow(
  decoding: Decoding,
  activations: Float64Array,
  state: Float64Array,
): Promise<Float64Array> {
  return (await decodeStates(decoding, [activations], [state]))[0]!;
}
