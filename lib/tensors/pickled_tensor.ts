/**
 * Tensors as the pickle of a checkpoint describes them: views of storages, which lie elsewhere.
 *
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/_utils.py
 *
 * @module
 */
import type { UntrustedMap } from "../files/untrusted_keys.ts";
import { OpaqueValue, PickleDict, PickleGlobal, type PickleValue } from "./pickle_values.ts";
import { type DataType, elementCount } from "./stored_tensor.ts";

/** The longest key of a storage, in characters. */
const MAX_KEY_LENGTH = 200;
/** The most axes a tensor can have, as in PyTorch. */
const MAX_AXES = 64;

/** The storage classes by which a pickle tells the type of a tensor's elements. */
const STORAGE_TYPES: Readonly<Record<string, DataType>> = {
  "torch.DoubleStorage": "float64",
  "torch.FloatStorage": "float32",
  "torch.HalfStorage": "float16",
  "torch.BFloat16Storage": "bfloat16",
  "torch.LongStorage": "int64",
  "torch.IntStorage": "int32",
  "torch.ShortStorage": "int16",
  "torch.CharStorage": "int8",
  "torch.ByteStorage": "uint8",
  "torch.BoolStorage": "bool",
};

/** Classes of tensors that have a tensor's numbers, whatever attributes they have beside them. */
const TENSOR_CLASSES = [
  "torch.Tensor",
  "torch._tensor.Tensor",
  "torch.nn.parameter.Parameter",
  "torch.nn.parameter.Buffer",
];

/** The bytes of one or more tensors: an entry of the zip file. */
export interface TorchStorage {
  /** The name of the zip entry, in the folder `data`. */
  key: string;
  /** The type of its elements. */
  dataType: DataType;
  /** How many elements it is said to have. */
  elements: number;
}

/** A tensor as the pickle describes it: a strided view of a storage. */
export class PickledTensor {
  /**
   * Describes a tensor.
   *
   * @param storage The zip entry with its elements, and their type.
   * @param start Where it begins in the storage, in elements.
   * @param shape Its shape.
   * @param strides The distance between neighbours along each axis, in elements.
   */
  constructor(
    readonly storage: TorchStorage,
    readonly start: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** Whether its elements lie densely, rows first, as nearly every saved tensor's do. */
  get isContiguous(): boolean {
    if (elementCount(this.shape) === 0) return true;
    let expected = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] !== 1 && this.strides[axis] !== expected) return false;
      expected *= this.shape[axis]!;
    }
    return true;
  }
}

/**
 * The storage behind a persistent id.
 *
 * @param known Those that were met before, by key; this one is added.
 * @returns An {@linkcode OpaqueValue} if its elements are of a type that is not known.
 * @throws {SyntaxError} If it is malformed, or was described otherwise before.
 */
export function storageOf(id: PickleValue, known: UntrustedMap<TorchStorage>): PickleValue {
  const [kind, type, key, , elements] = Array.isArray(id) ? id : [];
  const isKey = typeof key === "string" && key.length <= MAX_KEY_LENGTH;
  if (kind !== "storage" || !(type instanceof PickleGlobal) || !isKey) {
    throw new SyntaxError("a tensor's storage is malformed");
  }
  if (!Object.hasOwn(STORAGE_TYPES, type.path)) return new OpaqueValue(type.path);
  const dataType = STORAGE_TYPES[type.path]!;
  const size = typeof elements === "bigint" ? Number(elements) : elements;
  if (!isSize(size)) throw new SyntaxError("a tensor's storage is malformed");
  const before = known.get(key);
  if (before === undefined) {
    const storage = { key, dataType, elements: size };
    known.set(key, storage);
    return storage;
  }
  // PyTorch takes what it is told first, whatever the second tensor is said to be.
  if (before.dataType !== dataType || before.elements !== size) {
    throw new SyntaxError(`storage ${key.slice(0, 100)} is described in two ways`);
  }
  return before;
}

/**
 * A tensor with attributes of its own, or of a class of its own.
 *
 * @param args Function, class, arguments, state.
 * @returns Undefined if it is none that is known.
 * @throws {SyntaxError} If it is malformed.
 */
export function rebuiltFromType([make, type, args]: PickleValue[]): PickleValue | undefined {
  if (!(make instanceof PickleGlobal) || !(type instanceof PickleGlobal) || !Array.isArray(args)) {
    return undefined;
  }
  if (!TENSOR_CLASSES.includes(type.path)) return new OpaqueValue(type.path);
  return make.path === "torch._utils._rebuild_tensor_v2" ? rebuiltTensor(args) : undefined;
}

/**
 * A tensor.
 *
 * @param args Its storage, where it begins, its shape, its strides, and what else PyTorch adds.
 * @returns An {@linkcode OpaqueValue} if its numbers are not simply those of the storage.
 * @throws {SyntaxError} If it is malformed.
 */
export function rebuiltTensor(args: PickleValue[]): PickleValue {
  const [storage, start, shape, strides, , , flags = null] = args;
  if (storage instanceof OpaqueValue) return storage; // of a type that is not known
  if (
    !isStorage(storage) || !isSize(start) || !isSizes(shape) || !isSizes(strides) ||
    shape.length !== strides.length || !Number.isSafeInteger(elementCount(shape))
  ) {
    throw new SyntaxError("a tensor is malformed");
  }
  // Flags say that the numbers are to be negated, or conjugated, by whoever reads them.
  const hasFlags = flags !== null && !(flags instanceof PickleDict && flags.size === 0);
  if (hasFlags) return new OpaqueValue("torch._utils._rebuild_tensor_v2 with metadata");
  return new PickledTensor(storage, start, shape, strides);
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === "object" && value !== null && "key" in value && "elements" in value;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MAX_AXES && value.every(isSize);
}
