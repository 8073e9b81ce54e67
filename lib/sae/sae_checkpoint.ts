/**
 * Finds the SAE of a layer and reads its encoder, and nothing else of a file of up to a gigabyte.
 *
 * Source of the layout: the training scripts of AlignSAE, https://arxiv.org/abs/2512.02004.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { type ByteSource, FileSource, isFile } from "../files/byte_source.ts";
import { checkAgainst, type Schema } from "../files/json.ts";
import { MAX_RELATIONS } from "../relations.ts";
import { shapeText } from "../tensors/stored_tensor.ts";
import {
  findElements,
  openTorchCheckpoint,
  readTorchFloat32,
  type TorchCheckpoint,
} from "../tensors/torch_checkpoint.ts";
import { PickledTensor } from "../tensors/torch_pickle.ts";
import type { Sae, SaeDecoder, SaeShape } from "./sae.ts";

/** The names of a layer's checkpoint, in the order in which they are looked for. */
export const CHECKPOINT_NAMES = [
  "sae_best.pt",
  "sae_final.pt",
  "traditional_sae_final.pt",
] as const;

/** What the checkpoints of AlignSAE hold where they do not say it. */
const ALIGNSAE = { freeCount: 10_000, slotCount: 6 } as const;

/** The checkpoint of a layer: found, its sizes known and checked, its weights not yet read. */
export interface SaeCheckpoint {
  /** The file. */
  readonly path: string;
  /** The layer it was found for. */
  readonly layer: number;
  /** What it holds. */
  readonly shape: SaeShape;
}

/** What was read from a checkpoint. */
export interface LoadedSae {
  /** The encoder. */
  readonly sae: Sae;
  /** The SHA-256 of what the results depend on: the pickle, then weight and bias as float32. */
  readonly sha256: string;
  /** How much of the file was read, in bytes. */
  readonly bytesRead: number;
  /** How long the file is, in bytes. */
  readonly byteLength: number;
}

/** What was read of a decoder. */
export interface LoadedDecoder {
  /** The decoder; undefined if the checkpoint has none. */
  readonly decoder: SaeDecoder | undefined;
  /** The SHA-256 of its weight and bias as float32, rows first; null if there is none. */
  readonly sha256: string | null;
  /** How much of the file was read, in bytes. */
  readonly bytesRead: number;
}

/**
 * Looks for the checkpoint of a layer.
 *
 * @returns The file, or the paths tried if there is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findCheckpoint } from "@coact/coact";
 *
 * assert.deepEqual(await findCheckpoint("demo/sae", 6), { path: "demo/sae/layer6/sae_best.pt" });
 * assert("tried" in await findCheckpoint("demo/sae", 12));
 * ```
 */
export async function findCheckpoint(
  saeDirectory: string,
  layer: number,
): Promise<{ path: string } | { tried: string[] }> {
  const tried = CHECKPOINT_NAMES.map((name) => `${saeDirectory}/layer${layer}/${name}`);
  for (const path of tried) {
    if (await isFile(path)) return { path };
  }
  return { tried };
}

/**
 * Reads what a checkpoint holds, without its weights.
 *
 * @throws {InputError} If it is no SAE checkpoint, or contradicts itself.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSae } from "@coact/coact";
 *
 * const { shape } = await openSae("demo/sae/layer6/sae_best.pt", 6);
 * assert.deepEqual([shape.kind, shape.freeCount, shape.slotCount], ["supervised", 1000, 6]);
 * ```
 */
export async function openSae(path: string, layer: number): Promise<SaeCheckpoint> {
  using source = await FileSource.open(path);
  const { shape } = describeEncoder(await openTorchCheckpoint(source));
  return { path, layer, shape };
}

/**
 * Reads the encoder of an SAE: from several hundred megabytes just its weight and bias, checked
 * against the checksums in the file.
 *
 * @throws {InputError} If the file is no SAE checkpoint, contradicts itself or is damaged, or a
 * weight is NaN or infinite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadSae } from "@coact/coact";
 *
 * const { sae } = await loadSae("demo/sae/layer6/sae_best.pt");
 * assert.equal(sae.weight.length, sae.featureCount * sae.width);
 * ```
 */
export async function loadSae(path: string): Promise<LoadedSae> {
  using source = await FileSource.open(path);
  const { sae, sha256 } = await readSae(source);
  return { sae, sha256, bytesRead: source.bytesRead, byteLength: source.byteLength };
}

/**
 * Reads the decoder of an SAE, if the checkpoint holds one.
 *
 * @throws {InputError} If it is damaged, or does not fit the encoder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadDecoder } from "@coact/coact";
 *
 * const { decoder } = await loadDecoder("demo/sae/layer6/sae_best.pt");
 * assert.equal(decoder?.weight.length, 1006 * decoder!.bias.length);
 * ```
 */
export async function loadDecoder(path: string): Promise<LoadedDecoder> {
  using source = await FileSource.open(path);
  const checkpoint = await openTorchCheckpoint(source);
  const { shape, state, prefix } = describeEncoder(checkpoint);
  const weight = state.get(`${prefix}decoder.weight`);
  const bias = state.get(`${prefix}decoder.bias`);
  if (!(weight instanceof PickledTensor) || !(bias instanceof PickledTensor)) {
    return { decoder: undefined, sha256: null, bytesRead: source.bytesRead };
  }
  const expected = [shape.width, shape.featureCount];
  if (
    shapeText(weight.shape) !== shapeText(expected) ||
    shapeText(bias.shape) !== shapeText([shape.width])
  ) {
    throw new InputError(
      `${path}: decoder.weight has shape ${shapeText(weight.shape)} and decoder.bias ` +
        `${shapeText(bias.shape)}, expected ${shapeText(expected)} and [${shape.width}]`,
    );
  }
  const decoder = {
    weight: await readTorchFloat32(checkpoint, "decoder.weight", weight),
    bias: await readTorchFloat32(checkpoint, "decoder.bias", bias),
  };
  const hash = createHash("sha256").update(bytesOf(decoder.weight)).update(bytesOf(decoder.bias));
  return { decoder, sha256: hash.digest("hex"), bytesRead: source.bytesRead };
}

/**
 * Reads the encoder of an SAE from wherever its bytes are.
 *
 * @throws {InputError} As {@linkcode loadSae} does.
 */
export async function readSae(source: ByteSource): Promise<Pick<LoadedSae, "sae" | "sha256">> {
  const checkpoint = await openTorchCheckpoint(source);
  const { shape, tensors } = describeEncoder(checkpoint);
  const weight = await readTorchFloat32(checkpoint, "encoder.weight", tensors.weight);
  const bias = await readTorchFloat32(checkpoint, "encoder.bias", tensors.bias);
  const hash = createHash("sha256").update(checkpoint.pickle).update(bytesOf(weight))
    .update(bytesOf(bias));
  return { sae: { ...shape, weight, bias }, sha256: hash.digest("hex") };
}

/** The plain values of a checkpoint that say what it is; each may be absent. */
interface Declared {
  args: {
    n_free?: number | undefined;
    n_relation?: number | undefined;
    n_hidden?: number | undefined;
    is_traditional?: boolean | undefined;
  };
  d_model?: number | undefined;
  n_free?: number | undefined;
  n_relation?: number | undefined;
}

/** Options that were not given are None, which says no more than an absent one. */
const size = z.int().nonnegative().nullish().transform((value) => value ?? undefined);
/** Flags are often written as 0 and 1. */
const flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).nullish()
  .transform((value) => value === undefined || value === null ? undefined : Boolean(value));

const declaredSchema: Schema<Declared> = z.object({
  args: z.object({ n_free: size, n_relation: size, n_hidden: size, is_traditional: flag }),
  d_model: size,
  n_free: size,
  n_relation: size,
});

interface EncoderDescription {
  shape: SaeShape;
  /** All parameters, and what stands before their names. */
  state: ReadonlyMap<unknown, unknown>;
  prefix: string;
  tensors: { weight: PickledTensor; bias: PickledTensor };
}

/** What wrappers put before the names of parameters: DataParallel, torch.compile. */
const WRAPPERS = ["", "module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."] as const;

function describeEncoder(checkpoint: TorchCheckpoint): EncoderDescription {
  const { source, content } = checkpoint;
  const state = valueOf(content, "model_state_dict");
  if (!(state instanceof Map)) {
    throw new InputError(`${source.name} is no SAE checkpoint: it has no model_state_dict`);
  }
  const prefix = WRAPPERS.find((wrapper) => state.has(`${wrapper}encoder.weight`)) ?? "";
  const weight = state.get(`${prefix}encoder.weight`);
  const bias = state.get(`${prefix}encoder.bias`);
  if (!(weight instanceof PickledTensor) || !(bias instanceof PickledTensor)) {
    throw new InputError(
      `${source.name} is no SAE checkpoint: its model_state_dict lacks encoder.weight or ` +
        "encoder.bias",
    );
  }
  const declared = parseDeclared(source.name, content);
  const shape = shapeOf(source.name, declared, weight, bias);
  // Sizes count from here on: they are to be those of numbers that there are.
  findElements(checkpoint, "encoder.weight", weight);
  findElements(checkpoint, "encoder.bias", bias);
  return { shape, state, prefix, tensors: { weight, bias } };
}

function parseDeclared(path: string, content: unknown): Declared {
  const pick = (from: unknown, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, valueOf(from, name)]));
  return checkAgainst(declaredSchema, {
    ...pick(content, ["d_model", "n_free", "n_relation"]),
    args: pick(valueOf(content, "args"), ["n_free", "n_relation", "n_hidden", "is_traditional"]),
  }, path);
}

/** A value of a dict by its key. The keys are never made into text: they could be of any size. */
function valueOf(dict: unknown, key: string): unknown {
  return dict instanceof Map ? dict.get(key) : undefined;
}

/** The sizes of the tensors, held against what the checkpoint says of itself. */
function shapeOf(
  path: string,
  declared: Declared,
  weight: PickledTensor,
  bias: PickledTensor,
): SaeShape {
  const [featureCount = 0, width = 0] = weight.shape;
  if (weight.shape.length !== 2 || featureCount === 0 || width === 0) {
    throw new InputError(
      `${path}: encoder.weight has shape ${shapeText(weight.shape)}, expected [features, d_model]`,
    );
  }
  if (shapeText(bias.shape) !== shapeText([featureCount])) {
    throw new InputError(
      `${path}: encoder.bias has shape ${shapeText(bias.shape)}, but encoder.weight ` +
        `${shapeText(weight.shape)}`,
    );
  }
  const contradict = (what: string, said: number | undefined, found: number) => {
    if (said === undefined || said === found) return;
    throw new InputError(
      `${path} contradicts itself: it says ${what} ${said}, but its encoder.weight of shape ` +
        `${shapeText(weight.shape)} makes that ${found}`,
    );
  };
  contradict("d_model", declared.d_model, width);
  if (isTraditional(path, declared)) {
    contradict("args.n_hidden", declared.args.n_hidden, featureCount);
    return { kind: "traditional", width, featureCount, freeCount: featureCount, slotCount: 0 };
  }
  const slotCount = slotCountOf(path, declared, featureCount);
  const freeCount = featureCount - slotCount;
  contradict("n_free + n_relation", sum(declared.args.n_free, slotCount), featureCount);
  contradict("n_free + n_relation", sum(declared.n_free, slotCount), featureCount);
  contradict("n_relation", declared.n_relation, slotCount);
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
function isTraditional(path: string, { args }: Declared): boolean {
  if (args.is_traditional !== undefined) return args.is_traditional;
  if (args.n_hidden === undefined && !basename(path).startsWith("traditional_")) return false;
  throw new InputError(
    `${path} looks like a traditional SAE, but its args do not say is_traditional: it cannot be ` +
      "told whether its encoding is rectified",
  );
}

/** As declared, or what the free features leave, or AlignSAE's if the sizes are AlignSAE's. */
function slotCountOf(
  path: string,
  { args, n_free, n_relation }: Declared,
  features: number,
): number {
  const slots = args.n_relation ?? n_relation;
  const free = args.n_free ?? n_free;
  if (slots !== undefined) return slots;
  if (free !== undefined) return features - free;
  if (features === ALIGNSAE.freeCount + ALIGNSAE.slotCount) return ALIGNSAE.slotCount;
  throw new InputError(
    `${path} does not say how many of its ${features} features are relation slots: n_relation and ` +
      "n_free are missing in its args",
  );
}

function sum(a: number | undefined, b: number): number | undefined {
  return a === undefined ? undefined : a + b;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
