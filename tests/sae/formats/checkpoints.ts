/** Checkpoints of AlignSAE, small and changed at will. */
import { torchFile, torchTensor } from "../../support/torch_file.ts";

/** The numbers of its weight and its bias. */
export const STORAGES: Readonly<Record<string, Float32Array<ArrayBuffer>>> = {
  0: Float32Array.of(1, 2, 3, 4, 5, 6),
  1: Float32Array.of(7, 8, 9),
};

/** A checkpoint of 2 free features, 1 slot and width 2, changed at will. */
export function checkpoint(
  changes: Record<string, unknown> = {},
  encoder: Record<string, unknown> = {},
  storages: Record<string, Float32Array> = STORAGES,
): Uint8Array {
  return torchFile({
    model_state_dict: {
      "encoder.weight": torchTensor("0", [3, 2]),
      "encoder.bias": torchTensor("1", [3]),
      ...encoder,
    },
    args: { n_free: 2, n_relation: 1 },
    d_model: 2,
    n_free: 2,
    n_relation: 1,
    ...changes,
  }, storages);
}
