/**
 * In which types of numbers the files of an SAE hold its matrices.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { openTensorFile } from "../tensors/open_tensor_file.ts";
import type { TensorFile } from "../tensors/tensor_file.ts";

/** The dicts of a checkpoint that hold its weights. */
const PARTS = ["model_state_dict", "state_dict", "ae"];

/** In which types the matrices of an SAE are stored, those of the most matrices first. */
export async function storedTypes(files: readonly string[]): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const path of files.filter((path) => !/\.(json|yaml|yml)$/.test(path))) {
    const file = await opened(path);
    if (file === undefined) continue;
    const parts = PARTS.map((name) => file.part(name)).filter((part) => part !== undefined);
    for (const { tensors } of [file, ...parts]) {
      for (const { shape, dataType } of tensors.values()) {
        if (shape.length > 1) counts.set(dataType, (counts.get(dataType) ?? 0) + 1);
      }
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([type]) => type);
}

async function opened(path: string): Promise<TensorFile | undefined> {
  try {
    return await openTensorFile(path);
  } catch (error) {
    if (error instanceof InputError) return undefined; // it is no file of weights
    throw error;
  }
}
