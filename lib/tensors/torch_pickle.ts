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
import {
  PickledTensor,
  rebuiltFromType,
  rebuiltTensor,
  storageOf,
  type TorchStorage,
} from "./pickled_tensor.ts";

/** The longest key of a dict that a call makes, in characters. */
const MAX_KEY_LENGTH = 200;

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
