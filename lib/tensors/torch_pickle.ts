/**
 * What the pickle of a checkpoint means: which names it may mention, and how tensors and plain data
 * are put together from them.
 *
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/_utils.py
 *
 * @module
 */
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { parsePickle, type PickleMeanings } from "./pickle.ts";
import {
  OpaqueValue,
  PickleDict,
  PickleGlobal,
  PickleNamespace,
  PickleSet,
  type PickleValue,
} from "./pickle_values.ts";
import { type DataType, elementCount } from "./stored_tensor.ts";

/** The longest key of a storage, and of a dict that a call makes, in characters. */
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

/** What may be called: how tensors and plain data are put together. */
const NAMES = [
  "collections.OrderedDict",
  "collections.defaultdict",
  "copyreg._reconstructor",
  "copy_reg._reconstructor", // what protocols before 3 call it
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch._tensor._rebuild_from_type_v2",
  "torch.Size",
  "torch.device",
  "builtins.set",
  "__builtin__.set", // what protocols before 3 call it
  "builtins.frozenset",
  "__builtin__.frozenset",
  "_codecs.encode",
];

/** Classes that are nothing but the options of a training: their attributes are read as a dict's. */
const OPTION_CLASSES = [
  "argparse.Namespace",
  "types.SimpleNamespace",
  "sae_training.config.LanguageModelSAERunnerConfig",
  "sae_lens.training.config.LanguageModelSAERunnerConfig",
];

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
 * Reads the pickle of a checkpoint; nothing in it is ever executed. What is neither a tensor nor
 * plain data is an {@linkcode OpaqueValue}.
 *
 * @returns The saved object, with a {@linkcode PickledTensor} for each tensor.
 * @throws {SyntaxError} If it is damaged, or can be read in two ways.
 */
export function parseTorchPickle(bytes: Uint8Array): PickleValue {
  const storages = new UntrustedMap<TorchStorage>();
  const meanings: PickleMeanings = {
    names: new Set([...NAMES, ...OPTION_CLASSES]),
    reduce,
    persistent: (id) => storageOf(id, storages),
  };
  return parsePickle(bytes, meanings);
}

function reduce(path: string, args: PickleValue[]): PickleValue | undefined {
  const [first] = args;
  if (OPTION_CLASSES.includes(path)) {
    return args.length === 0 ? new PickleNamespace() : undefined;
  }
  switch (path) {
    case "collections.OrderedDict":
      return orderedDict(args);
    case "collections.defaultdict":
      return args.length <= 1 ? new PickleDict() : undefined;
    case "copyreg._reconstructor":
    case "copy_reg._reconstructor":
      if (!(first instanceof PickleGlobal)) return undefined;
      return OPTION_CLASSES.includes(first.path)
        ? new PickleNamespace()
        : new OpaqueValue(first.path);
    case "torch._utils._rebuild_tensor_v2":
      return rebuiltTensor(args);
    case "torch._utils._rebuild_parameter":
    case "torch._utils._rebuild_parameter_with_state":
      return first instanceof PickledTensor ? first : undefined;
    case "torch._tensor._rebuild_from_type_v2":
      return rebuiltFromType(args);
    case "torch.Size":
      return Array.isArray(first) ? first : undefined;
    case "torch.device":
      if (!args.every((arg) => typeof arg === "string" || typeof arg === "number")) break;
      return args.join(":");
    case "builtins.set":
    case "__builtin__.set":
    case "builtins.frozenset":
    case "__builtin__.frozenset":
      return new PickleSet(Array.isArray(first) ? first.slice() : []);
    case "_codecs.encode":
      if (typeof first !== "string" || args[1] !== "latin1") break;
      // how protocols before 3 write bytes
      return Uint8Array.from(first, (character) => character.charCodeAt(0));
  }
}

/** The storage behind a persistent id. */
function storageOf(id: PickleValue, known: UntrustedMap<TorchStorage>): PickleValue {
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

/** `OrderedDict()`, or `OrderedDict([[key, value], …])` as Python 2 wrote it. */
function orderedDict([pairs = []]: PickleValue[]): PickleValue | undefined {
  const dict = new PickleDict();
  if (!Array.isArray(pairs)) return undefined;
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined;
    const [key, value] = pair;
    // One long text could be the key of all dicts that a pickle makes of one list.
    if (typeof key === "string" && key.length > MAX_KEY_LENGTH) return undefined;
    dict.set(key!, value!);
  }
  return dict;
}

/** A tensor with attributes of its own, or of a class of its own: function, class, arguments, state. */
function rebuiltFromType([make, type, args]: PickleValue[]): PickleValue | undefined {
  if (!(make instanceof PickleGlobal) || !(type instanceof PickleGlobal) || !Array.isArray(args)) {
    return undefined;
  }
  if (!TENSOR_CLASSES.includes(type.path)) return new OpaqueValue(type.path);
  return make.path === "torch._utils._rebuild_tensor_v2" ? rebuiltTensor(args) : undefined;
}

function rebuiltTensor(args: PickleValue[]): PickleValue {
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
