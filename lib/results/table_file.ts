/**
 * Tables as JSON files, their relations in the order of the layer's record.
 *
 * @module
 */
import { jsonText } from "../files/json_writer.ts";
import { writeWhole } from "../files/write_whole.ts";
import { isMadeOf, type LayerArrays, type TableArtifact } from "./artifact.ts";
import { byRelation } from "./by_relation.ts";
import { layerPath } from "./file_names.ts";
import type { LayerRecord } from "./layer_record.ts";

/** What a table is made of. */
export type TableSource<N extends keyof LayerArrays> =
  & { readonly record: LayerRecord }
  & Pick<LayerArrays, N>;

/** The text of a table's file. */
export function tableText<N extends keyof LayerArrays, Entry>(
  { make }: TableArtifact<N, Entry>,
  layer: TableSource<N>,
): string {
  return jsonText(byRelation(layer.record.relations, make(layer)));
}

/**
 * Writes a table of a layer, whole or not at all.
 *
 * @returns The paths written: none if the layer's SAE has no slots and the table needs them.
 * @throws {InputError} If it cannot be written.
 */
export async function writeTable<N extends keyof LayerArrays, Entry>(
  directory: string,
  table: TableArtifact<N, Entry>,
  layer: TableSource<N>,
): Promise<string[]> {
  if (!isMadeOf(table, layer.record)) return [];
  const path = layerPath(directory, layer.record.layer, table.file);
  await writeWhole(path, tableText(table, layer));
  return [path];
}
