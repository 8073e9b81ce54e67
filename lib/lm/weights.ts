/**
 * Finds the weights of a language model in its Hugging Face directory; none is read.
 *
 * @module
 */
import { InputError, messageOf } from "../errors.ts";
import { FileSource, isFile } from "../files/byte_source.ts";
import { readSafetensors } from "../tensors/safetensors.ts";
import { shapeText, type StoredTensor } from "../tensors/stored_tensor.ts";
import { locateTensor, openTorchCheckpoint } from "../tensors/torch_checkpoint.ts";
import { PickledTensor } from "../tensors/torch_pickle.ts";
import { readZipEntry, type ZipEntry } from "../tensors/zip_directory.ts";

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
  /** The parts of the file that have checksums, thus none of a safetensors file. */
  readonly checksummed: readonly ZipEntry[];
}

/** What a reader finds in a file. */
type Found = Pick<WeightFile, "tensors" | "checksummed">;

/**
 * How often a file's bytes may be used over: the embeddings are, where they are the head as well.
 * More would make a small file a model of any size.
 */
const MAX_REUSE = 2;

/**
 * Lists the weights in a Hugging Face directory, from `model.safetensors` or `pytorch_model.bin`.
 *
 * @throws {InputError} If neither is there, or the one that is there is damaged.
 */
export async function findWeights(directory: string): Promise<WeightFile> {
  const readers = [
    ["model.safetensors", readSafetensorsState],
    ["pytorch_model.bin", readTorchState],
  ] as const;
  for (const [name, read] of readers) {
    const path = `${directory}/${name}`;
    if (!await isFile(path)) continue;
    using source = await FileSource.open(path);
    const found = await read(source);
    const tensors = new Map<string, StoredTensor>();
    for (const [tensorName, tensor] of found.tensors) {
      const shortName = withoutPrefix(tensorName);
      if (tensors.has(shortName)) throw new InputError(`${path} has two tensors ${shortName}`);
      tensors.set(shortName, tensor);
    }
    return { ...found, path, realPath: await Deno.realPath(path), tensors };
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

/**
 * Checks the weights against the checksums in their file, where it has some. ONNX Runtime, which
 * reads them, does not.
 *
 * @throws {InputError} If they are damaged.
 */
export async function verifyWeights({ path, checksummed }: WeightFile): Promise<void> {
  if (checksummed.length === 0) return;
  using source = await FileSource.open(path);
  for (const entry of checksummed) await readZipEntry(source, entry, { end: 0 });
}

async function readSafetensorsState(source: FileSource): Promise<Found> {
  return { tensors: await readSafetensors(source), checksummed: [] };
}

/** `pytorch_model.bin` is a state dict: tensors by name, and attributes of no interest. */
async function readTorchState(source: FileSource): Promise<Found> {
  const checkpoint = await openTorchCheckpoint(source);
  if (!(checkpoint.content instanceof Map)) {
    throw new InputError(`${source.name} holds no state dict`);
  }
  const tensors = new Map<string, StoredTensor>();
  const checksummed = new Set<ZipEntry>();
  let bytes = 0;
  for (const [name, value] of checkpoint.content) {
    if (typeof name !== "string" || !(value instanceof PickledTensor)) continue;
    const tensor = locateTensor(checkpoint, name, value);
    bytes += tensor.byteLength;
    tensors.set(name, tensor);
    checksummed.add(checkpoint.storages.get(value.storage.key)!);
  }
  if (bytes > MAX_REUSE * source.byteLength) {
    throw new InputError(
      `${source.name} has ${source.byteLength} bytes, but its tensors ${bytes}: they share storage`,
    );
  }
  return { tensors, checksummed: [...checksummed] };
}

function withoutPrefix(name: string): string {
  return name.replace(PREFIXES, "");
}

async function rejectDirectory(directory: string): Promise<void> {
  try {
    if ((await Deno.stat(directory)).isDirectory) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new InputError(`${directory} does not exist`, {
        advice: { kind: "name_path", setting: "lmModel" },
      });
    }
    throw new InputError(`${directory} cannot be read: ${messageOf(error)}`);
  }
  throw new InputError(`${directory} is no directory, expected a Hugging Face directory`);
}
