/**
 * Chooses the backend that encodes, and checks what it gives.
 *
 * @module
 */
import type { ComputeDevice } from "../compute/device.ts";
import { InputError } from "../errors.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import { OrtEncoder } from "./ort_encoder.ts";
import { WebGpuEncoder } from "./webgpu_encoder.ts";

/** What will encode on a device. */
export function encoderBackend({ gpu, runtime }: Pick<ComputeDevice, "gpu" | "runtime">): string {
  return gpu === undefined ? `onnxruntime ${runtime.backend}` : "wgsl";
}

/** Makes the encoder for a device: shaders on a GPU, an ONNX Runtime session without. */
export function createEncoder({ gpu, runtime }: ComputeDevice): Encoder {
  return gpu === undefined ? new OrtEncoder(runtime) : new WebGpuEncoder(gpu);
}

/**
 * Encodes hidden states and makes sure that the result is finite.
 *
 * @param what What is encoded, for messages: `layer 6`.
 * @throws {InputError} If an activation is NaN or infinite.
 */
export async function encodeChecked(
  encoder: Encoder,
  input: EncodeInput,
  what: string,
): Promise<Encoded> {
  const encoded = await encoder.encode(input);
  const { sums, maxima, featureCount } = encoded.moments;
  for (let cell = 0; cell < sums.length; cell++) {
    if (Number.isFinite(sums[cell]!) && Number.isFinite(maxima[cell]!)) continue;
    throw new InputError(
      `The activations of feature ${cell % featureCount} in ${what} are not finite`,
    );
  }
  return encoded;
}
