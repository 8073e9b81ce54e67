/**
 * The contract of a picture of the statistics of all layers: all that coact knows of it is one entry,
 * which stands beside its figure. Layers are read one after the other, and what it keeps of each is
 * all that it gets.
 *
 * @module
 */
import type { Figure } from "../plot/figure.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { QualifiedSelectivity } from "../results/selectivity_table.ts";

/** A layer's statistics, and what they were made of. */
export interface MeasuredLayer {
  /** The record of the layer. */
  readonly record: LayerRecord;
  /** Its statistics. */
  readonly site: QualifiedSelectivity;
  /** How many tests q was computed over. */
  readonly tests: number;
}

/** The layers of a run, as a picture names them. */
export interface RunLayers {
  /** The names of the layers, in their order. */
  readonly layers: readonly string[];
  /** What stands below them: `Layer`, `Site`. */
  readonly layerTitle: string;
  /** Whether the first of them sees only how long a question is. Default: no. */
  readonly hasControl?: boolean;
  /** The names of the relations. */
  readonly relations: readonly string[];
  /** What the results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** A picture of the statistics of all layers. */
export interface RunPicture<Kept> {
  /** Its file's name without the format: `all_layers_emergence`. */
  readonly file: string;
  /** Its resolution, in pixels an inch, if no other is asked for. */
  readonly dpi: number;
  /** What it keeps of a layer. */
  readonly keep: (layer: MeasuredLayer) => Kept;
  /** Puts it together, of what it kept of each layer. */
  readonly figure: (run: RunLayers & { readonly kept: readonly Kept[] }) => Figure;
}

/** What a picture kept of a layer. */
export interface KeptLayer<Kept> {
  /** The record of the layer. */
  readonly record: LayerRecord;
  /** Whether it sees only how long a question is. Default: no. */
  readonly isControl?: boolean;
  /** What it kept. */
  readonly kept: Kept;
}

/** Any of them: whoever goes through all does not look into what they keep. */
// deno-lint-ignore no-explicit-any -- what is kept by a picture goes to that picture only
export type AnyRunPicture = RunPicture<any>;
