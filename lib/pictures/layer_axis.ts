/**
 * How layers are named below lines that go over them.
 *
 * @module
 */
import { type LayerName, layerText } from "../results/layer_name.ts";

/** The names of layers on an axis, and its title. */
export interface LayerAxis {
  /** The names, in the order of the layers. */
  readonly layers: string[];
  /** What stands below them: `Layer`, `Site`. */
  readonly layerTitle: string;
}

/** Numbers where all are layers: `0`, `6`; where one is another site, each in words: `layer 6`, `post 12`. */
export function layerAxis(layers: readonly LayerName[]): LayerAxis {
  return layers.every((layer) => typeof layer === "number")
    ? { layers: layers.map(String), layerTitle: "Layer" }
    : { layers: layers.map(layerText), layerTitle: "Site" };
}
