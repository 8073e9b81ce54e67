/**
 * The contract of a picture of a layer's statistics: all that coact knows of it is one entry, which
 * stands beside its figure. `analyze` draws them at its end, when q is known.
 *
 * @module
 */
import type { Figure } from "../plot/figure.ts";
import type { QualifiedSelectivity } from "../results/selectivity_table.ts";
import type { PictureOptions } from "./figure_files.ts";

/** The statistics of a layer, as pictures show them. */
export interface SiteStatistics {
  /** The statistics of the layer, with q over all layers of the run. */
  readonly site: QualifiedSelectivity;
  /** How many tests q was computed over. */
  readonly tests: number;
  /** How many free features there are; slots come after them. */
  readonly freeCount: number;
  /** The names of the relations. */
  readonly relations: readonly string[];
  /** What the layer's results were made of, sentence by sentence. */
  readonly caption: readonly string[];
}

/** A picture of a layer's statistics. */
export interface SitePicture {
  /** Its file's name between `layer06_` and the format. */
  readonly file: string;
  /** Its resolution, in pixels an inch, if no other is asked for. */
  readonly dpi: number;
  /** Puts it together. */
  readonly figure: (statistics: SiteStatistics, options: PictureOptions) => Figure;
}
