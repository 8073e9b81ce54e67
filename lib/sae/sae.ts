/**
 * What a sparse autoencoder is, as far as encoding needs it.
 *
 * @module
 */
import type { Site } from "../lm/site.ts";
import { type Activation, LINEAR, RELU } from "./activation.ts";
import { type FeatureRows, wholeColumns } from "./feature_rows.ts";
import type { InputStep } from "./input.ts";
import type { Pursuit } from "./pursuit.ts";

/**
 * What AlignSAE's files are. `supervised`: linear encoding, and the last features are relation slots.
 * `traditional`: ReLU, and all features are free.
 */
export type SaeKind = "supervised" | "traditional";

/** The sizes of an SAE, and what its numbers mean. */
export interface SaeShape {
  /** How it was trained, thus how it encodes. */
  readonly kind: SaeKind;
  /** The width of the hidden states that it takes (d_model). */
  readonly width: number;
  /** All features: the free ones, then the slots. */
  readonly featureCount: number;
  /** The features that stand for nothing in particular. */
  readonly freeCount: number;
  /** The features trained for a relation each; 0 for a traditional SAE. */
  readonly slotCount: number;
}

/**
 * The decoder of an SAE, by its owner's formula: y = W z + b, then back to the units of the hidden
 * states, then skip x added:
 *
 *     y = restore(W z + b) + skip x
 *
 * What a formula does to each feature on the way back (a factor of its own, the length of its
 * direction divided out) is in W; what it does to all outputs (a factor, a mean) is in W and b.
 * `reconstruction.ts` computes it.
 */
export interface SaeDecoder {
  /** The width of what it gives. A transcoder's may be another than that of the hidden states. */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** b, `[width]`; zeros where the owner adds none. */
  readonly bias: Float32Array<ArrayBuffer>;
  /** Whether what the SAE's input steps did to a row is undone on what W z + b gives. */
  readonly restores: boolean;
  /** What is multiplied with x as the SAE is given it and added, `[width, width of x]`. Default: nothing. */
  readonly skip?: Float32Array<ArrayBuffer> | undefined;
  /** Whether it predicts states of another place than the SAE reads, as a transcoder does. */
  readonly predicts: boolean;
  /** W turned round: a row for each feature, what it adds to the output. */
  readonly rows: FeatureRows;
}

/** W and b of a decoder that is in memory: y = W z + b. */
export interface DecoderWeights {
  /** W, `[width, featureCount]`, rows first. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** b, `[width]`. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** The decoder of weights that are in memory. */
export function decoderOf({ weight, bias }: DecoderWeights): SaeDecoder {
  const width = bias.length;
  const featureCount = weight.length / width;
  return {
    width,
    featureCount,
    bias,
    restores: true,
    predicts: false,
    rows: wholeColumns(weight, width),
  };
}

/** W and b of an encoder: p = W h + b. */
export interface EncoderWeights {
  /** W, a row for each feature. It is read some rows at a time. */
  readonly rows: FeatureRows;
  /** b, `[featureCount]`. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** A feature that was trained for a group of questions, as a relation slot is for its relation. */
export interface Target {
  /** The feature. */
  readonly feature: number;
  /** The group's position among all groups. */
  readonly group: number;
}

/** The encoder of an SAE: a formula, whatever it is called. */
export interface Sae extends EncoderWeights {
  /** The width of the hidden states that it takes (d_model). */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** What becomes of a hidden state before it meets W, step by step. */
  readonly input: readonly InputStep[];
  /** What becomes of p. */
  readonly activation: Activation;
  /** A second product, V h + c, whose sigmoid p is multiplied with (a gated linear unit). */
  readonly glu?: EncoderWeights | undefined;
  /** Features are picked one after the other by their products with W, in place of all at once. */
  readonly pursuit?: Pursuit | undefined;
  /** Where in a model its hidden states are read; undefined if its files do not say. */
  readonly site?: Site | undefined;
  /** The features that were trained for a group each; their activation is kept for every question. */
  readonly targets: readonly Target[];
}

/** The encoder that a file of AlignSAE's describes. */
export function saeOf(shape: SaeShape, { rows, bias }: EncoderWeights): Sae {
  const { kind, width, featureCount, freeCount, slotCount } = shape;
  return {
    width,
    featureCount,
    rows,
    bias,
    input: [],
    activation: kind === "traditional" ? RELU : LINEAR,
    targets: Array.from({ length: slotCount }, (_, group) => ({
      feature: freeCount + group,
      group,
    })),
  };
}
