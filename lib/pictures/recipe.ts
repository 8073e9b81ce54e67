/**
 * The contract of a picture of a layer: all that coact knows of it is one recipe, which stands beside
 * its figure. Where pictures are written, found, drawn again or removed, it is the recipes that say
 * which there are.
 *
 * @module
 */
import type { Figure } from "../plot/figure.ts";
import type { Artifact, LayerArrays } from "../results/artifact.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { PictureOptions } from "./figure_files.ts";
import type { LayerPicture } from "./layer_picture.ts";

/** The arrays that pictures show: those of a row for each relation. */
export type MatrixName = Exclude<keyof LayerArrays, "slotActivations" | "questions">;

/** A picture of a layer. */
export interface Recipe extends Artifact {
  /** Its file's name between `layer06_` and the format; `#` stands for a number. */
  readonly file: string;
  /** The number in the name; missing if there is none. */
  readonly number?: NumberInName;
  /** The array that it shows. */
  readonly array: MatrixName;
  /** The array that says which features it shows of SAEs that are not AlignSAE's. Default: `array`. */
  readonly rankedBy?: "consistency";
  /** Whether it marks discoveries, where the statistics of the run are there. Default: no. */
  readonly marksDiscoveries?: boolean;
  /** Whether it takes several times as long to draw as others, and is begun before them. Default: no. */
  readonly isLong?: boolean;
  /** Its resolution, in pixels an inch, if no other is asked for. */
  readonly dpi: number;
  /** Puts it together. */
  readonly figure: (picture: LayerPicture, record: LayerRecord, options: PictureOptions) => Figure;
}

/** A number in the names of a picture's files, of which there may be several then. */
export interface NumberInName {
  /** The number for what is asked for, or for what there is of it. */
  readonly of: (options: PictureOptions, record: LayerRecord) => number;
  /** The options that ask for a number, which is at least 1. */
  readonly options: (number: number) => Partial<PictureOptions>;
}
