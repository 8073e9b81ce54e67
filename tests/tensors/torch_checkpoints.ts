/** Checkpoints as PyTorch writes them, and as it never would. */
import assert from "node:assert/strict";
import type { ByteSource } from "../../lib/files/byte_source.ts";
import { PickleDict, PickleSet, type PickleValue } from "../../lib/tensors/pickle_values.ts";
import { openTorchCheckpoint, type TorchCheckpoint } from "../../lib/tensors/torch_checkpoint.ts";
import { readTorchTensor } from "../support/torch_tensor.ts";
import { PickledTensor } from "../../lib/tensors/pickled_tensor.ts";
import { f32, latin1 } from "./bytes.ts";
import { zipFile } from "./zip_writer.ts";
import { bytesSource } from "../support/bytes_source.ts";

/** Where the files are that PyTorch wrote. */
export const FIXTURES: string = new URL("../fixtures/torch", import.meta.url).pathname;

/** A checkpoint that PyTorch wrote. */
export function fixture(name: string): ByteSource {
  return bytesSource(name, Deno.readFileSync(`${FIXTURES}/${name}`));
}

/** A value within nested dicts. */
export function at(checkpoint: TorchCheckpoint, ...path: string[]): PickleValue {
  return path.reduce<PickleValue>((value, key) => {
    const found = (value as PickleDict).get(key);
    assert.ok(found !== undefined, `${key} is missing`);
    return found;
  }, checkpoint.content);
}

/** A tensor within nested dicts. */
export function tensorAt(checkpoint: TorchCheckpoint, ...path: string[]): PickledTensor {
  const tensor = at(checkpoint, ...path);
  assert.ok(tensor instanceof PickledTensor);
  return tensor;
}

/** A value with dicts as `Map` and sets as `Set`, for comparisons. */
export function plain(value: PickleValue): PickleValue {
  if (value instanceof PickleDict) {
    return new Map([...value].map(([key, item]) => [plain(key), plain(item)]));
  }
  if (value instanceof PickleSet) return new Set(value.members.map(plain));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** The elements of a tensor that the outermost dict has by this name. */
export async function valuesOf(checkpoint: TorchCheckpoint, name: string): Promise<number[]> {
  return [...await readTorchTensor(checkpoint, name, tensorAt(checkpoint, name))];
}

/** A checkpoint of one pickle, given as text, and one storage. */
export function checkpointOf(pickle: string, storage: Uint8Array = f32(0, 1, 2, 3)): ByteSource {
  const entries = [["w/data.pkl", latin1(pickle)], ["w/data/0", storage]] as const;
  return bytesSource("w.pt", zipFile({ entries }));
}

/** What the pickle of a tensor may say. */
export interface TensorClaims {
  start?: number | bigint;
  shape?: (number | bigint)[];
  strides?: (number | bigint)[];
  storageClass?: string;
  key?: string;
  elements?: number;
}

/** The pickle of a float32 tensor of 4 elements, or of other claims. */
export function tensorPickle(claims: TensorClaims = {}): string {
  const { start = 0, shape = [4], strides = [1], storageClass = "FloatStorage", key = "0" } =
    claims;
  const { elements = 4 } = claims;
  const tuple = (sizes: (number | bigint)[]) => `(${sizes.map((size) => `I${size}\n`).join("")}t`;
  const storage = `((Vstorage\nctorch\n${storageClass}\nV${key}\nVcpu\nI${elements}\ntQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n${storage}I${start}\n${tuple(shape)}` +
    `${tuple(strides)}I00\nccollections\nOrderedDict\n)RtR.`;
}

/** The elements of the tensor that is all of a checkpoint. */
export async function readTensor(source: ByteSource): Promise<number[]> {
  const checkpoint = await openTorchCheckpoint(source);
  assert.ok(checkpoint.content instanceof PickledTensor);
  return [...await readTorchTensor(checkpoint, "w", checkpoint.content)];
}

// state_dict() carries `_metadata`; parameters are wrapped; 2.x adds entries and pads.
