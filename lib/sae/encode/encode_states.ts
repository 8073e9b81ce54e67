/**
 * All features of hidden states that somebody has already.
 *
 * @module
 */
import { type ComputeDevice, openDevice } from "../../compute/device.ts";
import { InputError } from "../../base/errors.ts";
import { checkFinite } from "../../tensors/stored_tensor.ts";
import type { Rows } from "../../files/rows.ts";
import type { Sae } from "../sae.ts";
import { createEncoder, encodeChecked } from "./create_encoder.ts";

/** How to encode states. */
export interface EncodeStatesOptions {
  /** Where to compute; it stays the caller's. Default: the best there is, opened for this call. */
  readonly device?: Pick<ComputeDevice, "gpu" | "runtime"> | undefined;
}

/**
 * Encodes hidden states.
 *
 * @returns Every feature of every state, `[states, featureCount]`, rows first.
 * @throws {InputError} If a state is not finite or of another width than the SAE takes, numbers are
 * too large or too small for float32, or the device computes wrongly.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeStates, openSae, rowsInMemory } from "@coact/coact";
 *
 * const sae = await (await openSae("demo/sae/layer6")).read();
 * const states = rowsInMemory(new Float32Array(2 * sae.width), sae.width); // two of 0
 * const features = await encodeStates(sae, states);
 * assert.deepEqual(features.subarray(0, sae.featureCount), sae.bias);
 * ```
 */
export async function encodeStates(
  sae: Sae,
  states: Rows,
  { device }: EncodeStatesOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  if (states.width !== sae.width) {
    throw new InputError(
      `The hidden states have width ${states.width}, but the SAE takes ${sae.width}`,
    );
  }
  if (states.count === 0) return new Float32Array(0);
  for (let row = 0; row < states.count; row++) {
    checkFinite(states.read(row, 1), `hidden state ${row}`);
  }
  if (device !== undefined) return await encodeOn(device, sae, states);
  using opened = await openDevice("auto");
  return await encodeOn(opened, sae, states);
}

async function encodeOn(
  device: NonNullable<EncodeStatesOptions["device"]>,
  sae: Sae,
  states: Rows,
): Promise<Float32Array<ArrayBuffer>> {
  await using encoder = createEncoder(device);
  const { keptActivations } = await encodeChecked(encoder, {
    hidden: states,
    groupSizes: [states.count],
    areAll: true,
    sae,
    threshold: 0,
    kept: { first: 0, count: sae.featureCount },
  }, { what: "the hidden states", device: encoder.backend });
  return keptActivations;
}
