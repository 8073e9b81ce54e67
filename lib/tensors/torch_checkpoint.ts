/**
 * Reads what `torch.save` writes (PyTorch 1.6 and later): a zip file of one pickle, which is the
 * saved object with its tensors left out, and one stored entry for the bytes of each tensor.
 *
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import type { ByteSource } from "../files/byte_source.ts";
import { findUnexpectedContent } from "../files/unexpected_content.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import type { PickleValue } from "./pickle_values.ts";
import { gather } from "./gather.ts";
import {
  BYTES_PER_ELEMENT,
  checkFinite,
  elementCount,
  type StoredTensor,
  toFloat32,
  toNumbers,
} from "./stored_tensor.ts";
import { parseTorchPickle, type PickledTensor } from "./torch_pickle.ts";
import { readZipDirectory, readZipEntry, type ZipEntry, zipEntryPieces } from "./zip_directory.ts";

/** The longest pickle that is read, in bytes. Checkpoints have a few kilobytes. */
const MAX_PICKLE_BYTES = 16 * 2 ** 20;

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

/** An opened checkpoint: the saved object, and where the bytes of its tensors lie. */
export interface TorchCheckpoint {
  /** The file. */
  readonly source: ByteSource;
  /** What was saved, with a {@linkcode PickledTensor} for each tensor. */
  readonly content: PickleValue;
  /** The bytes of the pickle, from which `content` was read. */
  readonly pickle: Uint8Array<ArrayBuffer>;
  /** The zip entries with the bytes of tensors, by storage key. */
  readonly storages: ReadonlyMap<string, ZipEntry>;
}

/**
 * Opens a checkpoint; no tensor is read.
 *
 * @throws {InputError} If the file was not written by `torch.save`, is truncated or damaged, or its
 * pickle refers to anything but tensors and plain data. Nothing in it is ever executed.
 */
export async function openTorchCheckpoint(source: ByteSource): Promise<TorchCheckpoint> {
  await rejectOtherFormats(source);
  const entries = await readZipDirectory(
    source,
    (name) => /(^|\/)(data\.pkl|byteorder|data\/[^/]+)$/.test(name),
  );
  const [pickleEntry, other] = [...entries.values()].filter(({ name }) =>
    /(^|\/)data\.pkl$/.test(name)
  );
  if (pickleEntry === undefined) throw unusable(source, "it is a zip file without data.pkl");
  if (other !== undefined) {
    throw unusable(source, `it has both ${pickleEntry.name} and ${other.name}`);
  }
  if (pickleEntry.byteLength > MAX_PICKLE_BYTES) {
    throw unusable(source, `its pickle has ${pickleEntry.byteLength} bytes`);
  }
  const root = pickleEntry.name.slice(0, -"data.pkl".length);
  await checkByteOrder(source, entries.get(`${root}byteorder`));
  const pickle = await readZipEntry(source, pickleEntry);
  const storages = new UntrustedMap<ZipEntry>();
  for (const [name, entry] of entries) {
    if (name.startsWith(`${root}data/`)) storages.set(name.slice(root.length + 5), entry);
  }
  return { source, content: parseContent(source, pickle), pickle, storages };
}

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

/** Says what a file is that is no zip file, where its first bytes tell. */
async function rejectOtherFormats(source: ByteSource): Promise<void> {
  const start = await source.read(0, Math.min(4, source.byteLength));
  if (start[0] === 0x50 && start[1] === 0x4b) return;
  const found = await findUnexpectedContent(source, "zip");
  if (found !== undefined) throw new InputError(`${source.name} ${found}`);
  if (start[0] === 0x80 && start[1]! <= 5) {
    throw unusable(
      source,
      "it is in the format of PyTorch before 1.6; load and save it again with a newer PyTorch",
    );
  }
  throw unusable(source, "it was not written by torch.save");
}

async function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return; // PyTorch before 2.1 writes none
  if (entry.byteLength > 16) throw unusable(source, "it does not say how its numbers lie");
  const order = new TextDecoder().decode(await readZipEntry(source, entry));
  if (order !== "little") throw unusable(source, `its numbers are ${order}-endian`);
}

function parseContent(source: ByteSource, pickle: Uint8Array): PickleValue {
  try {
    return parseTorchPickle(pickle);
  } catch (error) {
    throw new InputError(
      `${source.name} is refused: ${messageOf(error)} (its pickle was read as data, not executed)`,
    );
  }
}

function unusable(source: ByteSource, why: string): InputError {
  return new InputError(`${source.name} is no usable PyTorch checkpoint: ${why}`);
}
