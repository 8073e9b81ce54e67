/**
 * What a sparse autoencoder is, as far as encoding needs it.
 *
 * @module
 */
import { type Activation, LINEAR, RELU } from "./activation.ts";

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

/** The decoder of an SAE: h = W z + b. */
export interface SaeDecoder {
  /** W, `[width, featureCount]`, rows first. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** b, `[width]`. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** W and b of an encoder: p = W h + b. */
export interface EncoderWeights {
  /** W, `[featureCount, width]`, rows first. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** b, `[featureCount]`. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** The features that were trained for a group each, as relation slots are: neighbours. */
export interface Targets {
  /** The feature that was trained for the first group. */
  readonly first: number;
  /** How many there are; 0 of an SAE that was trained for no groups. */
  readonly count: number;
}

/** The encoder of an SAE: a formula, whatever it is called. */
export interface Sae extends EncoderWeights {
  /** The width of the hidden states that it takes (d_model). */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
  /** What becomes of p. */
  readonly activation: Activation;
  /** The features whose activation is kept for every question. */
  readonly targets: Targets;
}

/** The encoder that a file of AlignSAE's describes. */
export function saeOf(shape: SaeShape, { weight, bias }: EncoderWeights): Sae {
  const { kind, width, featureCount, freeCount, slotCount } = shape;
  return {
    width,
    featureCount,
    weight,
    bias,
    activation: kind === "traditional" ? RELU : LINEAR,
    targets: { first: freeCount, count: slotCount },
  };
}
