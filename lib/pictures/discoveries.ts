/**
 * Which cells of the layers of a run are discoveries.
 *
 * @module
 */
import { kindOfTable } from "../results/interval_kind.ts";
import type { LayerName } from "../results/layer_name.ts";
import { measuredLayers } from "../results/measured_layers.ts";
import { isDiscovery } from "../results/discovery.ts";
import { type QualifiedSelectivity, readQualified } from "../results/selectivity_table.ts";
import type { Discoveries } from "./layer_picture.ts";

/**
 * Reads the discoveries of all layers of a run.
 *
 * @returns Empty if the statistics of the run are not there.
 * @throws {InputError} If a file is damaged.
 */
export async function readDiscoveries(directory: string): Promise<Map<LayerName, Discoveries>> {
  const { layers, tests } = await measuredLayers(directory);
  const found = new Map<LayerName, Discoveries>();
  for await (const site of readQualified(directory, layers)) {
    found.set(site.layer, discoveriesOf(site, tests));
  }
  return found;
}

/** The discoveries of a layer. */
export function discoveriesOf(site: QualifiedSelectivity, tests: number): Discoveries {
  const flags = new Uint8Array(site.log10Q.length);
  for (let cell = 0; cell < flags.length; cell++) flags[cell] = Number(isDiscovery(site, cell));
  return {
    flags,
    tests,
    intervals: kindOfTable(site),
  };
}
