/**
 * The colour scales of the panels of a summary: one for all layers, or one for each.
 *
 * @module
 */
import type { ColorScale } from "../plot/color_scale.ts";
import { chooseScale, chooseShareMap, type ColorChoice, scaleNotes } from "./picture_scale.ts";
import type { PanelCells, SlotsPanel } from "./summary_panel.ts";

/** AlignSAE's colours, from 0. */
const REFERENCE = { map: "RdYlBu_r", low: 0 } as const;

/** Which scales are wanted. */
export interface ScaleChoice extends ColorChoice {
  /** Whether each layer has a scale of its own, as AlignSAE's script has it. Default: no. */
  readonly scalePerLayer?: boolean | undefined;
}

/** The scale of all layers, or of each; none if there is nothing to be seen. */
export interface SummaryScales {
  /** That of all layers. */
  readonly shared?: ColorScale;
  /** Those of the layers, if each has its own. */
  readonly own: readonly (ColorScale | undefined)[];
  /** What a reader has to know of them. */
  readonly notes: readonly string[];
}

/**
 * The scales of panels.
 *
 * @param cells What each panel shows; undefined where there is nothing.
 * @param isOfShares Whether they are shares of questions, rather than activations.
 */
export function scalesOf(
  cells: readonly (PanelCells | undefined)[],
  { panels, isOfShares }: { panels: readonly SlotsPanel[]; isOfShares: boolean },
  options: ScaleChoice,
): SummaryScales {
  const { reference = false, scalePerLayer = reference } = options;
  const mayBeNegative = panels.some(({ slots, isSigned }) => isSigned || slots !== undefined);
  if (isOfShares) {
    const map = chooseShareMap({ mayBeNegative, reference: REFERENCE }, options);
    return { shared: { map, low: 0, high: 1 }, own: [], notes: ["one scale for all layers"] };
  }
  const own = { mayBeNegative, reference: REFERENCE };
  const shown = cells.filter((each) => each !== undefined);
  if (shown.length === 0) return { own: [], notes: [] };
  const values = Float64Array.from(shown.flatMap(({ means }) => [...means]));
  const shared = chooseScale(values, own, options);
  if (!scalePerLayer) {
    return {
      shared,
      own: [],
      notes: [...scaleNotes(values, shared, options), "one scale for all layers"],
    };
  }
  const where = shared.center === undefined
    ? "from 0 to its greatest value; what is less than 0 has the colour of 0"
    : "centred on 0";
  return {
    own: cells.map((each) => each && chooseScale(each.means, own, options)),
    notes: [
      ...(reference ? ["colours as in AlignSAE's script"] : []),
      `each layer has its own scale, ${where}`,
    ],
  };
}

/** Whether all panels that show something show features of which shares are known. */
export function showsShares(panels: readonly SlotsPanel[]): boolean {
  const shown = panels.filter(({ slots, features }) => slots ?? features);
  return shown.length > 0 && shown.every(({ features }) => features?.shares !== undefined);
}
