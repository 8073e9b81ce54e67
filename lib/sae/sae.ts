/**
 * What a sparse autoencoder is, as far as encoding needs it.
 *
 * @module
 */

/**
 * `supervised`: linear encoding, and the last features are relation slots. `traditional`: ReLU, and
 * all features are free.
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

/** The encoder of an SAE: z = W h + b, and max(z, 0) of a traditional one. */
export interface Sae extends SaeShape {
  /** W, `[featureCount, width]`, rows first. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** b, `[featureCount]`. */
  readonly bias: Float32Array<ArrayBuffer>;
}
