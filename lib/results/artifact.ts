/**
 * The contract of what coact writes of a layer: all that is known of a file of numbers is one entry
 * in `artifacts/`, and all that is known of a picture one recipe (`lib/pictures/recipe.ts`). Writing,
 * reading, hashing, resuming and removing go through the entries.
 *
 * @module
 */
import type { Schema } from "../files/json.ts";
import type { Encoded } from "../sae/encode/encoder.ts";
import type { ArrayTypes } from "./npy_file.ts";
import type { LayerRecord } from "./layer_record.ts";

/** The arrays of a layer. Matrices are `[relations, features]`, rows first. */
export interface LayerArrays {
  /** The mean activations: the activation matrix. */
  readonly means: Float32Array<ArrayBuffer>;
  /** The greatest activations. */
  readonly maxima: Float32Array<ArrayBuffer>;
  /** The fractions of questions above the threshold. */
  readonly consistency: Float64Array<ArrayBuffer>;
  /** The slots' activations, `[questions, slots]`, the questions in the order of the relations. */
  readonly slotActivations: Float32Array<ArrayBuffer>;
  /** `[questions, 2]`: the relation's number and the line in the question file of each question. */
  readonly questions: Int32Array<ArrayBuffer>;
}

/** A file of a layer. */
export interface Artifact {
  /** Its name without the layer: what follows `layer06_`. */
  readonly file: string;
  /** Whether a layer has it. Default: every layer. */
  readonly isOf?: (record: LayerRecord) => boolean;
}

/** Whether a layer has an artifact. */
export function isMadeOf({ isOf }: Artifact, record: LayerRecord): boolean {
  return isOf?.(record) ?? true;
}

/** Whether a layer's SAE has slots. */
export function hasSlots({ slotCount }: LayerRecord): boolean {
  return slotCount > 0;
}

/** Whether a layer has what AlignSAE's analysis gives of all SAEs but its traditional ones. */
export function isRanked({ sae }: LayerRecord): boolean {
  return sae !== "traditional";
}

/** What the arrays of a layer are made of. */
export interface LayerNumbers extends Encoded {
  /** The questions, relation after relation. */
  readonly questions: readonly { readonly relation: number; readonly line: number }[];
}

/** An array, in a `.npy` file. */
export interface ArrayArtifact<T extends keyof ArrayTypes> extends Artifact {
  /** The type of its elements, by NumPy's name. */
  readonly type: T;
  /** Its shape. */
  readonly shape: (record: LayerRecord) => number[];
  /** Makes it, rows first. */
  readonly make: (numbers: LayerNumbers) => ArrayTypes[T];
  /**
   * What its values have to be besides finite.
   *
   * @returns What is wrong with them, as the rest of a sentence that begins with the file's path;
   * undefined for nothing. Missing: they may be anything.
   */
  readonly problem?: (values: ArrayTypes[T], record: LayerRecord) => string | undefined;
}

/** One array of a layer, with the record that says what it is. */
export type RecordedArray<N extends keyof LayerArrays> =
  & { readonly record: LayerRecord }
  & Pick<LayerArrays, N>;

/** A table that is made of one array, in a JSON file: an entry for each relation, by its key. */
export interface TableArtifact<N extends keyof LayerArrays, Entry> extends Artifact {
  /** The array that it is made of. */
  readonly from: N;
  /** Makes it. */
  readonly make: (layer: RecordedArray<N>) => Record<string, Entry>;
  /** What stands in it, to be checked where it is read. */
  readonly schema: Schema<Record<string, Entry>>;
}

/** How many questions a layer's result is made of. */
export function questionCount({ relations }: LayerRecord): number {
  return relations.reduce((total, { questions }) => total + questions, 0);
}

/** The shape of a matrix of all features for all relations. */
export function matrixShape({ relations, freeCount, slotCount }: LayerRecord): number[] {
  return [relations.length, freeCount + slotCount];
}
