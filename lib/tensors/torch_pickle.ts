/**
 * What the pickle of a checkpoint means: which names it may mention, and how tensors and plain data
 * are put together from them.
 *
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/_utils.py
 *
 * @module
 */
import { parsePickle, PickleGlobal, type PickleMeanings, type PickleValue } from "./pickle.ts";
import { type DataType, elementCount } from "./stored_tensor.ts";

/** How many numbers a dict or set may have as keys that is made by a call, as sets are. */
const MAX_NUMERIC_KEYS = 1000;
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

/** Everything else that may be mentioned: how tensors and plain data are put together. */
const PLAIN_NAMES = [
  "collections.OrderedDict",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_parameter",
  "torch.Size",
  "torch.device",
  "builtins.set",
  "__builtin__.set",
  "builtins.frozenset",
  "__builtin__.frozenset",
  "_codecs.encode",
];

/** Element types mentioned as plain values, as in an option `dtype`. */
const TYPE_NAMES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "bool"]
  .map((name) => `torch.${name}`);

/** The bytes of one or more tensors: an entry of the zip file. */
export interface TorchStorage {
  /** The name of the zip entry, in the folder `data`. */
  key: string;
  /** The type of its elements. */
  dataType: DataType;
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
 * Reads the pickle of a checkpoint; nothing in it is ever executed.
 *
 * @returns The saved object, with a {@linkcode PickledTensor} for each tensor.
 * @throws {SyntaxError} If it is damaged, or refers to anything but tensors and plain data.
 */
export function parseTorchPickle(bytes: Uint8Array): PickleValue {
  return parsePickle(bytes, TORCH_MEANINGS);
}

const TORCH_MEANINGS: PickleMeanings = {
  names: new Set([...PLAIN_NAMES, ...TYPE_NAMES, ...Object.keys(STORAGE_TYPES)]),

  reduce(path, args) {
    switch (path) {
      case "collections.OrderedDict":
        return orderedDict(args);
      case "torch._utils._rebuild_tensor_v2":
        return rebuiltTensor(args);
      case "torch._utils._rebuild_parameter":
        if (args[0] instanceof PickledTensor) return args[0];
        break;
      case "torch.Size":
        return args[0] ?? [];
      case "torch.device":
        if (!args.every((arg) => typeof arg === "string" || typeof arg === "number")) break;
        return args.join(":");
      case "builtins.set":
      case "__builtin__.set": // what protocols before 3 call it
      case "builtins.frozenset":
      case "__builtin__.frozenset":
        return new Set(Array.isArray(args[0]) ? checkKeys(args[0]) : []);
    }
    if (path === "_codecs.encode" && typeof args[0] === "string" && args[1] === "latin1") {
      // how protocols before 3 write bytes
      return Uint8Array.from(args[0], (character) => character.charCodeAt(0));
    }
    throw new SyntaxError(`it calls ${path}, which makes no tensor or plain data`);
  },

  persistent(id) {
    const [kind, type, key] = Array.isArray(id) ? id : [];
    const dataType = type instanceof PickleGlobal ? STORAGE_TYPES[type.path] : undefined;
    if (kind !== "storage" || dataType === undefined || typeof key !== "string") {
      throw new SyntaxError("a tensor's storage is malformed");
    }
    return { key, dataType };
  },
};

/** `OrderedDict()`, or `OrderedDict([[key, value], …])` as Python 2 wrote it. */
function orderedDict([pairs = []]: PickleValue[]): PickleValue {
  const items = (Array.isArray(pairs) ? pairs : []).filter((pair) => Array.isArray(pair));
  checkKeys(items.map(([key]) => key!));
  return new Map(items.map(([key, value]) => [key!, value!]));
}

/** Numbers as keys are bounded, as `parsePickle` bounds them: their hashes can be foreseen. */
function checkKeys(keys: PickleValue[]): PickleValue[] {
  const numbers = keys.filter((key) => typeof key === "number" || typeof key === "bigint").length;
  if (numbers <= MAX_NUMERIC_KEYS) return keys;
  throw new SyntaxError(`it makes a dict or set of over ${MAX_NUMERIC_KEYS} numbers`);
}

function rebuiltTensor([storage, start, shape, strides]: PickleValue[]): PickledTensor {
  if (
    !isStorage(storage) || !isSize(start) || !isSizes(shape) || !isSizes(strides) ||
    shape.length !== strides.length || !Number.isSafeInteger(elementCount(shape))
  ) {
    throw new SyntaxError("a tensor is malformed");
  }
  return new PickledTensor(storage, start, shape, strides);
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === "object" && value !== null && "key" in value && "dataType" in value;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MAX_AXES && value.every(isSize);
}
