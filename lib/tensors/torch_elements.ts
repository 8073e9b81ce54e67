/**
 * The elements of a checkpoint's tensors: where they lie, and how they are read.
 *
 * @module
 */
import { gather } from "./gather.ts";
import type { PickledTensor } from "./pickled_tensor.ts";
import {
  BYTES_PER_ELEMENT,
  checkFinite,
  elementCount,
  type StoredTensor,
  toFloat32,
  toNumbers,
} from "./stored_tensor.ts";
import { type TorchCheckpoint, unusable } from "./torch_checkpoint.ts";
import { readZipEntry, type ZipEntry, zipEntryPieces } from "./zip_entry.ts";

/** The largest tensors that are read. */
export interface TensorLimits {
  /** In bytes as float32. */
  readonly tensorBytes: number;
  /** The longest storage that is read and checked for the sake of a tensor in it, in bytes. */
  readonly storageBytes: number;
}

/** Of tensors that are read in one go: 100,000 features of width 2,684. */
const AT_ONCE: TensorLimits = { tensorBytes: 2 ** 30, storageBytes: 2 ** 31 };
/** Of tensors that may be read some rows at a time: seven million features of width 2,304. */
export const IN_PARTS: TensorLimits = { tensorBytes: 2 ** 36, storageBytes: 2 ** 36 };
/** The largest tensor that repeats elements of its storage, such as an expanded one, in bytes. */
const MAX_REPEATED_BYTES = 2 ** 28;

/**
 * Where a tensor lies in the file.
 *
 * @throws {InputError} If its storage is missing or too short, or its elements do not lie densely.
 */
export function locateTensor(
  checkpoint: TorchCheckpoint,
  name: string,
  tensor: PickledTensor,
  limits: TensorLimits = AT_ONCE,
): StoredTensor {
  const { storage: { dataType }, shape } = tensor;
  if (!tensor.isContiguous) {
    throw unusable(
      checkpoint.source,
      `the elements of tensor ${name} do not lie one after the other; it has to be gathered`,
    );
  }
  const { entry, start, end } = findElements(checkpoint, name, tensor, limits);
  return { name, dataType, shape, offset: entry.offset + start, byteLength: end - start };
}

/**
 * Reads a tensor through, some of its elements after the other, rows first, and checks its bytes
 * against the zip's checksum. That is told at the end.
 *
 * @returns Undefined, before anything is read, unless its elements are float32 and all of a storage.
 * @throws {InputError} If the bytes are missing or damaged, or an element is not finite.
 */
export function piecesOfTorchFloat32(
  checkpoint: TorchCheckpoint,
  name: string,
  tensor: PickledTensor,
): AsyncGenerator<Float32Array<ArrayBuffer>> | undefined {
  const { source } = checkpoint;
  const { dataType } = tensor.storage;
  const { entry, start, end } = findElements(checkpoint, name, tensor, IN_PARTS);
  const isWhole = start === 0 && end === entry.byteLength && entry.deflatedLength === undefined;
  if (dataType !== "float32" || !tensor.isContiguous || !isWhole) return undefined;
  return (async function* () {
    for await (const piece of zipEntryPieces(source, entry)) {
      const values = toFloat32(piece as Uint8Array<ArrayBuffer>, dataType)!;
      checkFinite(values, `${source.name}: tensor ${name}`);
      yield values;
    }
  })();
}

/**
 * Reads a small tensor of any type, rows first, after checking its bytes.
 *
 * @throws {InputError} If the bytes are missing or damaged.
 */
export async function readTorchNumbers(
  checkpoint: TorchCheckpoint,
  name: string,
  tensor: PickledTensor,
): Promise<Float64Array> {
  const { source } = checkpoint;
  const { entry, start, end } = findElements(checkpoint, name, tensor);
  const bytes = await readZipEntry(source, entry, { start, end });
  const numbers = toNumbers(bytes, tensor.storage.dataType);
  return tensor.isContiguous ? numbers : gather(numbers, tensor.shape, tensor.strides);
}

/** The bytes of a storage from the first element of a tensor to its last. */
export interface TensorElements {
  /** The zip entry with the storage. */
  readonly entry: ZipEntry;
  /** Where the first element begins, in bytes from the start of the entry. */
  readonly start: number;
  /** Where the last element ends, likewise. */
  readonly end: number;
}

/**
 * Finds the elements of a tensor without reading any.
 *
 * @throws {InputError} If they are not all there, are said to be others than there are, or are absurdly
 * many.
 */
export function findElements(
  { source, storages }: TorchCheckpoint,
  name: string,
  tensor: PickledTensor,
  { tensorBytes, storageBytes }: TensorLimits = AT_ONCE,
): TensorElements {
  const { storage: { key, dataType, elements }, start, shape, strides } = tensor;
  const entry = storages.get(key);
  if (entry === undefined) {
    throw unusable(source, `the bytes of tensor ${name} are missing (data/${key})`);
  }
  const count = elementCount(shape);
  const span = count === 0
    ? 0
    : shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 0) + 1;
  const size = BYTES_PER_ELEMENT[dataType];
  if ((start + span) * size > entry.byteLength) {
    throw unusable(source, `the bytes of tensor ${name} end before the tensor does`);
  }
  if (elements * size !== entry.byteLength) {
    throw unusable(
      source,
      `the storage of tensor ${name} is said to have ${elements * size} bytes, but has ` +
        `${entry.byteLength}`,
    );
  }
  // A view that repeats its elements could claim to be of any length.
  const mostBytes = count > span ? MAX_REPEATED_BYTES : tensorBytes;
  if (4 * count > mostBytes || entry.byteLength > storageBytes) {
    throw unusable(source, `tensor ${name} has ${count} elements, which is more than is read`);
  }
  return { entry, start: start * size, end: (start + span) * size };
}
