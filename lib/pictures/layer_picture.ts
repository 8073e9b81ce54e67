/**
 * What the pictures of a layer have in common.
 *
 * @module
 */
import { format } from "d3-format";
import type { FeatureLayout } from "../stats/feature_layout.ts";
import { type Figure, type Mark, POINTS_PER_INCH } from "../plot/figure.ts";
import type { IntervalKind } from "../results/interval_kind.ts";
import type { LayerName } from "../results/layer_name.ts";
import type { SaeWord } from "../results/sae_record.ts";
import type { FeatureRank } from "./names.ts";
import type { SlotNames } from "./slot_axis.ts";

/** A layer, as pictures need it. */
export interface LayerPicture {
  /** The layer. */
  readonly layer: LayerName;
  /** The kind of SAE. */
  readonly kind: SaeWord;
  /** What an SAE that is not AlignSAE's is: its format and architecture. */
  readonly source?: string | undefined;
  /** Whether activations may be negative. Default: those of a supervised SAE. */
  readonly signed?: boolean | undefined;
  /** How the features lie in the matrix's rows. */
  readonly layout: FeatureLayout;
  /** The names of the relations, one for each row. */
  readonly relations: readonly string[];
  /** The names of the relations that the slots were trained for. Default: slots have numbers only. */
  readonly slotNames?: SlotNames;
  /** The matrix, `[relations, features]`. */
  readonly matrix: Float32Array | Float64Array;
  /** The consistencies, `[relations, features]`, of an SAE whose features are chosen by them. */
  readonly consistency?: Float64Array | undefined;
  /** Which cells are discoveries; undefined where the statistics of the layer are not known. */
  readonly discoveries?: Discoveries | undefined;
  /** What the layer's results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** Which relations and features of a layer are discoveries. */
export interface Discoveries {
  /** `[relations, features]`, rows first: 1 for a discovery, 0 for none. */
  readonly flags: Uint8Array;
  /** How many tests q was computed over. */
  readonly tests: number;
  /** What the intervals are over by which they are discoveries. */
  readonly intervals: IntervalKind;
}

/** The colours that relation slots are told apart by. */
export const SLOT_INK = {
  /** Their names: a cyan dark enough to read on white. */
  name: "#007a8a",
  /** The line where they start, the guide's cyan: red, green and blue. */
  line: [0, 255, 255],
} as const;

/** What the caption says where there may be more columns than pixels. */
export const SHARED_PIXELS = "where features share a pixel, the strongest is drawn";

/** A size in inches, in points. */
export function inches(width: number, height: number): { width: number; height: number } {
  return { width: width * POINTS_PER_INCH, height: height * POINTS_PER_INCH };
}

/** A figure: its title in one line for readers who cannot see it. */
export function figure(
  title: readonly string[],
  size: { width: number; height: number },
  marks: readonly Mark[],
): Figure {
  return { title: title.join(" "), ...size, marks };
}

/** Whether activations may be negative: AlignSAE's supervised SAEs have no activation function. */
export function mayBeNegative({ kind, signed }: Pick<LayerPicture, "kind" | "signed">): boolean {
  return signed ?? kind === "supervised";
}

/**
 * How features are chosen if nobody says it. In an SAE of a format that is not AlignSAE's the
 * strongest features are mostly those that are active everywhere, and tell nothing apart.
 */
export function defaultRank({ kind }: Pick<LayerPicture, "kind">): FeatureRank {
  return kind === "unsupervised" ? "selective" : "relation";
}

/** `10,006`. */
export const withCommas: (value: number) => string = format(",");
