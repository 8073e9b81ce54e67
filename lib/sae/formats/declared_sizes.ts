/**
 * What a checkpoint of AlignSAE says of itself beside its tensors: sizes, and how it encodes.
 *
 * @module
 */
import { z } from "zod";
import { checkAgainst, type Schema } from "../../files/json.ts";
import { OpaqueValue, PickleDict, type PickleValue } from "../../tensors/pickle_values.ts";

/** The plain values of a checkpoint that say what it is; each may be absent. */
export interface Declared {
  /** The options of the training script. */
  args: {
    n_free?: number | undefined;
    n_relation?: number | undefined;
    n_hidden?: number | undefined;
    is_traditional?: boolean | undefined;
    /** What it was trained on: `train_activations_layer6.pkl`. */
    activation_file?: string | undefined;
  };
  /** The width of the hidden states. */
  d_model?: number | undefined;
  /** The number of free features. */
  n_free?: number | undefined;
  /** The number of relation slots. */
  n_relation?: number | undefined;
  /** The number of all features, which only a traditional SAE of two-hop questions says. */
  n_features?: number | undefined;
}

/** Options that were not given are None, which says no more than an absent one. */
const size = z.int().nonnegative().nullish().transform((value) => value ?? undefined);
/** Of the file that it was trained on only the name is of interest, and only if there is one. */
const text = z.unknown().transform((value) => typeof value === "string" ? value : undefined);
/** Flags are often written as 0 and 1. */
const flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).nullish()
  .transform((value) => value === undefined || value === null ? undefined : Boolean(value));

const declaredSchema: Schema<Declared> = z.object({
  args: z.object({
    n_free: size,
    n_relation: size,
    n_hidden: size,
    is_traditional: flag,
    activation_file: text,
  }),
  d_model: size,
  n_free: size,
  n_relation: size,
  n_features: size,
});

/** What a checkpoint declares, and what of it cannot be read. */
export interface Declarations {
  /** What it says in plain values. */
  readonly declared: Declared;
  /** Fields that are objects of Python's: what each is, by its name, such as `args.n_free`. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Reads what a checkpoint says of itself. Objects that are not understood count as absent; whoever
 * needs one of them sees that in `unread`.
 *
 * @param path The file, for messages.
 * @throws {InputError} If a size or a flag is something else.
 */
export function readDeclarations(path: string, content: PickleDict): Declarations {
  const unread = new Map<string, string>();
  const plain = (name: string, value: PickleValue | undefined) => {
    const what = describeObject(value);
    if (what === undefined) return value;
    unread.set(name, what);
  };
  const pick = (from: PickleDict | undefined, prefix: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, plain(prefix + name, from?.get(name))]));
  const args = content.get("args");
  if (!(args instanceof PickleDict)) plain("args", args);
  const declared = checkAgainst(declaredSchema, {
    ...pick(content, "", ["d_model", "n_free", "n_relation", "n_features"]),
    args: pick(
      args instanceof PickleDict ? args : undefined,
      "args.",
      ["n_free", "n_relation", "n_hidden", "is_traditional", "activation_file"],
    ),
  }, path);
  return { declared, unread };
}

/** What an object is, undefined for a plain value. */
function describeObject(value: PickleValue | undefined): string | undefined {
  if (value instanceof OpaqueValue) return value.path;
  return typeof value === "object" && value !== null ? "an object" : undefined;
}
