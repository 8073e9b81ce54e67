/** One tensor of a checkpoint that is open. */
import type { TorchCheckpoint } from "../../lib/tensors/torch_checkpoint.ts";
import { torchFileOf } from "../../lib/tensors/torch_file.ts";
import type { PickledTensor } from "../../lib/tensors/pickled_tensor.ts";

/** Reads a tensor as float32, rows first, while its checkpoint is open. */
export async function readTorchTensor(
  checkpoint: TorchCheckpoint,
  name: string,
  tensor: PickledTensor,
): Promise<Float32Array<ArrayBuffer>> {
  return await torchFileOf({ checkpoint, dict: [[name, tensor]] }).read(name);
}
