/**
 * Cuts a decoder into stages that run one after the other, each over all prompts. With all blocks in
 * one stage a prompt goes through the model at once. With a stage for each block no more than one
 * block's weights have to be in memory; what goes from stage to stage is the residual stream.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { WeightSource } from "../compute/session_weights.ts";
import { BYTES_PER_ELEMENT, elementCount } from "../tensors/stored_tensor.ts";
import type { Decoder } from "./decoder.ts";
import { lastBlockOf, type Stage, weightShapes } from "./decoder_depth.ts";
import { withTheRest } from "./model_memory.ts";
import { deepestSite, type Site } from "./site.ts";

const MEBIBYTE = 2 ** 20;

/** What is to be cut, and how large it may be. */
export interface StagesOptions {
  /** The model. */
  readonly decoder: Decoder;
  /** The sites wanted. */
  readonly sites: readonly Site[];
  /** Where each weight is, by its name without a prefix. */
  readonly weights: ReadonlyMap<string, WeightSource>;
  /** How many bytes the weights of a stage may take. Default: any number. */
  readonly maxBytes?: number | undefined;
}

/** All that is computed for some sites, at once. */
export function wholeModel(decoder: Decoder, sites: readonly Site[]): Stage {
  return { first: 0, end: lastBlockOf(deepestSite(sites), decoder.config.n_layer) + 1 };
}

/** One block after the other. */
export function blockByBlock(decoder: Decoder, sites: readonly Site[]): Stage[] {
  const { end } = wholeModel(decoder, sites);
  if (end === 0) return [{ first: 0, end }];
  return Array.from({ length: end }, (_, first) => ({ first, end: first + 1 }));
}

/**
 * The whole model as one stage where its weights fit; otherwise block after block.
 *
 * @throws {InputError} If not even one block fits.
 */
export function planStages(options: StagesOptions): Stage[] {
  const { decoder, sites, weights, maxBytes = Infinity } = options;
  const bytesOf = (stage: Stage) => stageBytes(options, stage);
  const whole = wholeModel(decoder, sites);
  if (bytesOf(whole) <= maxBytes) return [whole];
  const stages = blockByBlock(decoder, sites);
  const largest = stages.reduce((a, b) => bytesOf(b) > bytesOf(a) ? b : a);
  const bytes = bytesOf(largest);
  if (bytes <= maxBytes) return stages;
  const { path } = [...weights.values()][0]!.file;
  throw new InputError(
    `${path}: block ${largest.first} of the model takes about ${mebibytes(bytes)} MiB while it ` +
      `computes, more than the ${Math.floor(maxBytes / MEBIBYTE)} MiB that weights may take`,
    { advice: { kind: "more_memory", mebibytes: mebibytes(withTheRest(bytes)) } },
  );
}

/**
 * About how much memory the weights of a stage take while it computes: as they are stored, in
 * float32, and as the matrix products want them. Of the table of tokens only the rows of the prompts
 * count, and these are few.
 */
function stageBytes({ decoder, sites, weights }: StagesOptions, stage: Stage): number {
  let bytes = 0;
  for (const name of weightShapes(decoder, sites, stage).keys()) {
    if (name === decoder.embedding.tokens) continue;
    const { dataType, shape } = weights.get(name)!.tensor;
    const stored = dataType === "float32" ? 0 : BYTES_PER_ELEMENT[dataType];
    bytes += elementCount(shape) * (stored + 8);
  }
  return bytes;
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / MEBIBYTE);
}

/** How many bytes weights have in their files. */
export function storedBytes(weights: ReadonlyMap<string, WeightSource>): number {
  let bytes = 0;
  for (const { tensor: { dataType, shape } } of weights.values()) {
    bytes += elementCount(shape) * BYTES_PER_ELEMENT[dataType];
  }
  return bytes;
}
