/**
 * What the scripts have in common that make one class of artifact from what is on disk.
 *
 * @module
 */
import { chosenLayers } from "./options.ts";
import type { LayerRecord } from "../results/schemas.ts";
import type { Terminal } from "./terminal.ts";

/** Makes an artifact of a layer; returns the path written, undefined if the layer has none. */
export type MakeArtifact = (directory: string, record: LayerRecord) => Promise<string | undefined>;

/**
 * Makes an artifact for each layer that was chosen, and says what was written.
 *
 * @throws {InputError} If a layer has not been analysed, or its files are damaged.
 */
export async function regenerate(
  values: { output_dir: string; layers: "all" | number[] },
  terminal: Terminal,
  make: MakeArtifact,
): Promise<void> {
  const { readLayerRecord } = await import("../results/layer_result.ts");
  for (const layer of await chosenLayers(values, terminal)) {
    const start = performance.now();
    const record = await readLayerRecord(values.output_dir, layer);
    const path = await make(values.output_dir, record);
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    terminal.print(
      path === undefined
        ? `layer ${layer} has none: its SAE is traditional`
        : `wrote ${path} (${record.relations.length} × ${
          record.n_free + record.n_relation
        }, ${seconds} s)`,
    );
  }
}
