/**
 * Finds the weights of a language model in its Hugging Face directory; none is read.
 *
 * @module
 */
import { InputError, messageOf } from "../errors.ts";
import { FileSource, isFile } from "../files/byte_source.ts";
import { readSafetensors } from "../tensors/safetensors.ts";
import { shapeText, type StoredTensor } from "../tensors/stored_tensor.ts";
import { locateTensor, openTorchCheckpoint, PickledTensor } from "../tensors/torch_checkpoint.ts";

/** What wrappers put before the names of `GPT2Model`: DataParallel, torch.compile, `GPT2LMHeadModel`. */
const PREFIXES = /^(?:module\.|_orig_mod\.)*(?:transformer\.)?/;

/** The weights of a model: one file, and where each tensor lies in it. */
export interface WeightFile {
  /** The file: `model.safetensors` or `pytorch_model.bin`. */
  readonly path: string;
  /** The same with all links followed, as in Hugging Face's cache: ONNX Runtime follows none. */
  readonly realPath: string;
  /** The tensors by name, without the prefix `transformer.`. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Lists the weights in a Hugging Face directory, from `model.safetensors` or `pytorch_model.bin`.
 *
 * @throws {InputError} If neither is there, or the one that is there is damaged.
 */
export async function findWeights(directory: string): Promise<WeightFile> {
  const readers = [
    ["model.safetensors", readSafetensors],
    ["pytorch_model.bin", readTorchState],
  ] as const;
  for (const [name, read] of readers) {
    const path = `${directory}/${name}`;
    if (!await isFile(path)) continue;
    using source = await FileSource.open(path);
    const tensors = new Map<string, StoredTensor>();
    for (const [tensorName, tensor] of await read(source)) {
      tensors.set(withoutPrefix(tensorName), tensor);
    }
    return { path, realPath: await Deno.realPath(path), tensors };
  }
  await rejectDirectory(directory);
  throw new InputError(
    `${directory} holds no weights: expected model.safetensors or pytorch_model.bin, not divided ` +
      "into several files",
  );
}

/**
 * A weight by its name, checked to have the shape that the model's configuration calls for.
 *
 * @throws {InputError} If it is missing, of another shape, or no floating-point tensor.
 */
export function weightOf(
  { path, tensors }: WeightFile,
  name: string,
  shape: readonly number[],
): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new InputError(`${path}: tensor ${name} is missing`);
  if (shapeText(tensor.shape) !== shapeText(shape)) {
    throw new InputError(
      `${path}: tensor ${name} has shape ${shapeText(tensor.shape)}, expected ${shapeText(shape)}`,
    );
  }
  if (!["float32", "float16", "bfloat16"].includes(tensor.dataType)) {
    throw new InputError(
      `${path}: tensor ${name} is ${tensor.dataType}, expected float32, float16 or bfloat16`,
    );
  }
  return tensor;
}

/** `pytorch_model.bin` is a state dict: tensors by name, and attributes of no interest. */
async function readTorchState(source: FileSource): Promise<Map<string, StoredTensor>> {
  const checkpoint = await openTorchCheckpoint(source);
  if (!(checkpoint.content instanceof Map)) {
    throw new InputError(`${source.name} holds no state dict`);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of checkpoint.content) {
    if (typeof name !== "string" || !(value instanceof PickledTensor)) continue;
    tensors.set(name, locateTensor(checkpoint, name, value));
  }
  return tensors;
}

function withoutPrefix(name: string): string {
  return name.replace(PREFIXES, "");
}

async function rejectDirectory(directory: string): Promise<void> {
  try {
    if ((await Deno.stat(directory)).isDirectory) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new InputError(`${directory} does not exist; name the language model with --lm_model`);
    }
    throw new InputError(`${directory} cannot be read: ${messageOf(error)}`);
  }
  throw new InputError(`${directory} is no directory, expected a Hugging Face directory`);
}
