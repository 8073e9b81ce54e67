/**
 * The files of numbers of a layer. Their order is that in which they are written and hashed.
 *
 * @module
 */
import type { ArrayArtifact, Artifact, LayerArrays, TableArtifact } from "../artifact.ts";
import type { ArrayTypes } from "../npy_file.ts";
import { activationMatrix } from "./activation_matrix.ts";
import { activationMaxima } from "./activation_maxima.ts";
import { commonFeatures } from "./common_features.ts";
import { consistency } from "./consistency.ts";
import { questions } from "./questions.ts";
import { slotActivations } from "./slot_activations.ts";
import { statistics } from "./statistics.ts";

/** The element type of an array, by NumPy's name. */
export type TypeOf<A> = {
  [T in keyof ArrayTypes]: A extends ArrayTypes[T] ? T : never;
}[keyof ArrayTypes];

/** One of the arrays. */
export type AnyArray = { [T in keyof ArrayTypes]: ArrayArtifact<T> }[keyof ArrayTypes];

/** The arrays. */
export const ARRAYS: { readonly [N in keyof LayerArrays]: ArrayArtifact<TypeOf<LayerArrays[N]>> } =
  {
    means: activationMatrix,
    maxima: activationMaxima,
    consistency,
    slotActivations,
    questions,
  };

/** The tables, of which each knows the type of its entries. */
// deno-lint-ignore no-explicit-any -- whoever goes through all of them does not look into them
export const TABLES: readonly TableArtifact<any, unknown>[] = [
  statistics,
  commonFeatures,
];

/** `layer{00}_analysis.json`: the record, which says what the other files are, and their hashes. */
export const RECORD: Artifact = { file: "analysis.json" };

/** The files of numbers that a record vouches for. */
export const NUMBERS: readonly Artifact[] = [...Object.values(ARRAYS), ...TABLES];
