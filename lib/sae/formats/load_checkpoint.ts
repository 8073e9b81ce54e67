/**
 * Reads the encoder or the decoder of an AlignSAE checkpoint, and nothing else of a file of up to a
 * gigabyte.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { InputError } from "../../base/errors.ts";
import { type ByteSource, FileSource } from "../../files/byte_source.ts";
import { SteadyFile } from "../../files/steady_file.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import { torchFileOf } from "../../tensors/torch_file.ts";
import type { FeatureRows } from "../feature_rows.ts";
import { type Sae, type SaeDecoder, saeOf, type SaeShape } from "../sae.ts";
import type { PassWish } from "./dense_rows.ts";
import { type Passed, readParameters } from "./read_parameters.ts";
import { featureRows } from "./stored_rows.ts";
import { describeCheckpoint, openCheckpoint } from "./sae_checkpoint.ts";

/** What was read from a checkpoint. */
export interface LoadedSae {
  /** The encoder. */
  readonly sae: Sae;
  /** What the file says that it holds. */
  readonly shape: SaeShape;
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

/** How matrices are read. */
export interface MatrixOptions {
  /** Up to how many bytes one is kept in memory; of others rows are read again. Default: 64 MiB. */
  readonly wholeBytes?: number | undefined;
}

/**
 * Reads the encoder of an SAE: from several hundred megabytes just its weight and bias, checked
 * against the checksums in the file. A large weight is not kept: its rows are read when they are used.
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
 * assert.equal((await sae.rows.read(0, 10)).length, 10 * sae.width);
 * ```
 */
export async function loadSae(path: string, options: MatrixOptions = {}): Promise<LoadedSae> {
  const { products: _, ...loaded } = await loadEncoder(path, options);
  return loaded;
}

/** How one side of an SAE is read, and what is found out on the way. */
export type PassOptions = MatrixOptions & PassWish;

/**
 * Reads the encoder of an SAE as {@linkcode loadSae} does.
 *
 * @throws {InputError} As {@linkcode loadSae} does.
 */
export async function loadEncoder(
  path: string,
  options: PassOptions = {},
): Promise<LoadedSae & Passed> {
  using source = await FileSource.open(path);
  const file = SteadyFile.of(source);
  const { products, sae, shape, sha256 } = await readEncoder(source, { ...options, file });
  const { bytesRead, byteLength } = source;
  return { sae, shape, sha256, bytesRead, byteLength, products };
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
 * assert.equal((await decoder!.rows.read(0, 1006)).length, 1006 * decoder!.bias.length);
 * ```
 */
export async function loadDecoder(
  path: string,
  options: MatrixOptions = {},
): Promise<LoadedDecoder> {
  const { products: _, ...loaded } = await passDecoder(path, options);
  return loaded;
}

/**
 * Reads the decoder of an SAE as {@linkcode loadDecoder} does; its matrix, as it lies in the file, has
 * a row for each number of a hidden state.
 *
 * @throws {InputError} As {@linkcode loadDecoder} does.
 */
export async function passDecoder(
  path: string,
  { wholeBytes, ...wish }: PassOptions = {},
): Promise<LoadedDecoder & Passed> {
  using source = await FileSource.open(path);
  const checkpoint = await openCheckpoint(source);
  const { shape, state } = describeCheckpoint(checkpoint);
  const [weight, bias] = [state.tensor("decoder.weight"), state.tensor("decoder.bias")];
  if (weight === undefined || bias === undefined) {
    return {
      decoder: undefined,
      sha256: null,
      bytesRead: source.bytesRead,
      products: undefined,
    };
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
  const hash = createHash("sha256");
  const dict = new Map([["decoder.weight", weight], ["decoder.bias", bias]]);
  const matrix = { name: "decoder.weight", isTransposed: true, wholeBytes, ...wish };
  const { products, ...read } = await readParameters(
    { checkpoint, dict, file: SteadyFile.of(source) },
    matrix,
    hash,
  );
  const { width, featureCount } = shape;
  const decoder = { width, featureCount, ...read, restores: true, predicts: false };
  return { decoder, sha256: hash.digest("hex"), bytesRead: source.bytesRead, products };
}

/**
 * Reads the encoder of an SAE from wherever its bytes are.
 *
 * @param options The file, from which a large encoder is read some features at a time.
 * @throws {InputError} As {@linkcode loadSae} does.
 */
export async function readSae(
  source: ByteSource,
  options: { file?: SteadyFile | undefined } & MatrixOptions = {},
): Promise<Pick<LoadedSae, "sae" | "shape" | "sha256">> {
  const { products: _, ...read } = await readEncoder(source, options);
  return read;
}

async function readEncoder(
  source: ByteSource,
  { file, wholeBytes, ...wish }: { file?: SteadyFile | undefined } & PassOptions,
): Promise<Pick<LoadedSae, "sae" | "shape" | "sha256"> & Passed> {
  const checkpoint = await openCheckpoint(source);
  const { shape, encoder: { weight, bias } } = describeCheckpoint(checkpoint);
  const hash = createHash("sha256").update(checkpoint.pickle);
  const dict = new Map([["encoder.weight", weight], ["encoder.bias", bias]]);
  const matrix = { name: "encoder.weight", isTransposed: false, wholeBytes, ...wish };
  const { products, ...read } = await readParameters({ checkpoint, dict, file }, matrix, hash);
  return { sae: saeOf(shape, read), shape, sha256: hash.digest("hex"), products };
}

/**
 * The rows of an encoder that was read through before; they are read when they are asked for.
 *
 * @throws {InputError} If the file is no SAE checkpoint.
 */
export async function encoderRows(path: string): Promise<FeatureRows> {
  using source = await FileSource.open(path);
  const checkpoint = await openCheckpoint(source);
  const { encoder: { weight } } = describeCheckpoint(checkpoint);
  const name = "encoder.weight";
  const dict = new Map([[name, weight]]);
  const file = torchFileOf({ checkpoint, dict, file: SteadyFile.of(source), verified: [name] });
  return featureRows(file, name, false);
}
