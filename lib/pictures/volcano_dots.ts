/**
 * The dots of the picture `layer{00}_selectivity_volcano`.
 *
 * @module
 */
import type { Plane } from "../plot/number_axis.ts";
import type { Dots, Ink } from "../plot/scatter.ts";
import { isDiscovery } from "../results/discovery.ts";
import type { QualifiedSelectivity } from "../results/selectivity_table.ts";

/** The features of a group that were tested, each list ascending. */
export interface TestedFeatures {
  /** Its discoveries. */
  readonly found: readonly number[];
  /** All others. */
  readonly others: readonly number[];
}

/** Parts the features of a group that were tested. */
export function testedFeatures(site: QualifiedSelectivity, group: number): TestedFeatures {
  const { log10Q, record: { n_features } } = site;
  const [found, others]: [number[], number[]] = [[], []];
  for (let feature = 0; feature < n_features; feature++) {
    const cell = group * n_features + feature;
    if (Number.isNaN(log10Q[cell]!)) continue;
    (isDiscovery(site, cell) ? found : others).push(feature);
  }
  return { found, others };
}

/** How dots look. */
export interface DotStyle {
  /** Their radius in points. */
  readonly radius: number;
  /** Their colours: of no discovery, and of one that is higher or lower in the group. */
  readonly inks: { readonly none: Ink; readonly above: Ink; readonly below: Ink };
}

/** A dot for each feature at its AUROC and q, discoveries on top. */
export function dotsOf(
  { measures: { auroc }, log10Q, record: { n_features } }: QualifiedSelectivity,
  { found, others, group, plane, style: { radius, inks: { none, above, below } } }:
    & TestedFeatures
    & { group: number; plane: Plane; style: DotStyle },
): Dots {
  const count = others.length + found.length;
  const [places, inks] = [new Float64Array(2 * count), new Uint8Array(count)];
  for (let dot = 0; dot < count; dot++) {
    const isFound = dot >= others.length;
    const cell = group * n_features + (isFound ? found[dot - others.length]! : others[dot]!);
    places[2 * dot] = plane.x(auroc[cell]!);
    places[2 * dot + 1] = plane.y(Math.abs(log10Q[cell]!));
    inks[dot] = !isFound ? 0 : auroc[cell]! > 0.5 ? 1 : 2;
  }
  return { places, inks, colors: [none, above, below], radius };
}
