/**
 * Tells the sizes of an SAE from its tensors, held against what its checkpoint says of itself.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../base/errors.ts";
import { MAX_RELATIONS } from "../../questions/relations.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import type { Declarations } from "./declared_sizes.ts";
import type { SaeShape } from "../sae.ts";

/** What the checkpoints of AlignSAE hold where they do not say it. */
const ALIGNSAE = { freeCount: 10_000, slotCount: 6 } as const;

/** What the tensors of an SAE say. */
export interface TensorShapes {
  /** The shape of `encoder.weight`. */
  readonly weight: readonly number[];
  /** The shape of `encoder.bias`. */
  readonly bias: readonly number[];
  /** How many value heads there are, of which each slot has one; 0 if there are none. */
  readonly valueHeads: number;
}

/**
 * How many value heads a state dict has: `value_heads.0.…` to `value_heads.5.…` are six. 0 if there
 * are none, or one is missing among them.
 *
 * @param names The names of the parameters.
 */
export function countValueHeads(names: Iterable<string>): number {
  const heads = new Set<number>();
  for (const name of names) {
    const [, number] = /^value_heads\.(\d{1,4})\./.exec(name) ?? [];
    if (number !== undefined) heads.add(Number(number));
  }
  return Math.max(-1, ...heads) + 1 === heads.size ? heads.size : 0;
}

/**
 * The sizes of an SAE, and how it encodes.
 *
 * @param path The file, for messages and for its name.
 * @throws {InputError} If tensors and declarations contradict each other, or leave open what it is.
 */
export function shapeOf(
  path: string,
  { declared, unread }: Declarations,
  { weight, bias, valueHeads }: TensorShapes,
): SaeShape {
  const [featureCount = 0, width = 0] = weight;
  if (weight.length !== 2 || featureCount === 0 || width === 0) {
    throw new InputError(
      `${path}: encoder.weight has shape ${shapeText(weight)}, expected [features, d_model]`,
    );
  }
  if (shapeText(bias) !== shapeText([featureCount])) {
    throw new InputError(
      `${path}: encoder.bias has shape ${shapeText(bias)}, but encoder.weight ${shapeText(weight)}`,
    );
  }
  const contradict = (what: string, said: number | undefined, found: number) => {
    if (said === undefined || said === found) return;
    throw new InputError(
      `${path} contradicts itself: it says ${what} ${said}, but its encoder.weight of shape ` +
        `${shapeText(weight)} makes that ${found}`,
    );
  };
  contradict("d_model", declared.d_model, width);
  if (isTraditional(path, { declared, unread }, valueHeads)) {
    contradict("args.n_hidden", declared.args.n_hidden, featureCount);
    contradict("n_features", declared.n_features, featureCount);
    return { kind: "traditional", width, featureCount, freeCount: featureCount, slotCount: 0 };
  }
  const slotCount = slotCountOf(path, { declared, unread }, { featureCount, valueHeads });
  const freeCount = featureCount - slotCount;
  contradict("n_free + n_relation", sum(declared.args.n_free, slotCount), featureCount);
  contradict("n_free + n_relation", sum(declared.n_free, slotCount), featureCount);
  contradict("n_relation", declared.n_relation, slotCount);
  if (valueHeads > 0 && valueHeads !== slotCount) {
    throw new InputError(
      `${path} contradicts itself: it says n_relation ${slotCount}, but has ${valueHeads} value ` +
        "heads",
    );
  }
  if (freeCount < 1 || slotCount < 1) {
    throw new InputError(
      `${path} has ${freeCount} free features and ${slotCount} relation slots, expected some of ` +
        "each; a traditional SAE says is_traditional in its args",
    );
  }
  if (slotCount > MAX_RELATIONS) {
    throw new InputError(
      `${path} has ${slotCount} relation slots, expected at most ${MAX_RELATIONS}`,
    );
  }
  return { kind: "supervised", width, featureCount, freeCount, slotCount };
}

/** The two kinds encode differently, so that a wrong guess would give wrong numbers in silence. */
function isTraditional(
  path: string,
  { declared: { args, n_relation, n_features }, unread }: Declarations,
  valueHeads: number,
): boolean {
  if (args.is_traditional && valueHeads > 0) {
    throw new InputError(
      `${path} contradicts itself: it says is_traditional, but has ${valueHeads} value heads`,
    );
  }
  if (args.is_traditional !== undefined) return args.is_traditional;
  if (valueHeads > 0) return false; // which only slots have
  // So the scripts for two-hop questions write a traditional SAE, and nothing else.
  const isPlain = (n_relation ?? args.n_relation ?? 0) === 0 && args.n_free === undefined;
  if (n_features !== undefined && isPlain && !unread.has("args")) return true;
  for (const name of ["args", "args.is_traditional"]) {
    const what = unread.get(name);
    if (what === undefined || (n_relation ?? args.n_relation ?? 0) > 0) continue;
    throw new InputError(
      `${path}: ${name} is ${what}, which is not read, and nothing else says whether its encoding ` +
        "is rectified; save it again with plain values, such as vars(args)",
    );
  }
  const isNamedSo = basename(path).startsWith("traditional_");
  if (args.n_hidden === undefined && !unread.has("args.n_hidden") && !isNamedSo) return false;
  throw new InputError(
    `${path} looks like a traditional SAE, but its args do not say is_traditional: it cannot be ` +
      "told whether its encoding is rectified",
  );
}

/**
 * As declared, or what the free features leave, or one for each value head, or AlignSAE's if the
 * sizes are AlignSAE's.
 */
function slotCountOf(
  path: string,
  { declared: { args, n_free, n_relation }, unread }: Declarations,
  { featureCount, valueHeads }: { featureCount: number; valueHeads: number },
): number {
  const slots = args.n_relation ?? n_relation;
  const free = args.n_free ?? n_free;
  if (slots !== undefined) return slots;
  if (free !== undefined) return featureCount - free;
  if (valueHeads > 0) return valueHeads;
  const [hidden] = [...unread].filter(([name]) => /^args$|n_free$|n_relation$/.test(name));
  if (hidden !== undefined) {
    throw new InputError(
      `${path} does not say how many of its ${featureCount} features are relation slots in plain ` +
        `values: ${hidden[0]} is ${hidden[1]}, which is not read`,
    );
  }
  if (featureCount === ALIGNSAE.freeCount + ALIGNSAE.slotCount) return ALIGNSAE.slotCount;
  throw new InputError(
    `${path} does not say how many of its ${featureCount} features are relation slots: n_relation ` +
      "and n_free are missing in its args, and it has no value heads",
  );
}

function sum(a: number | undefined, b: number): number | undefined {
  return a === undefined ? undefined : a + b;
}
