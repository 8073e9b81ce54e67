/**
 * The layers over which the statistics of a run were made, together.
 *
 * @module
 */
import { z } from "zod";
import { readJson, type Schema } from "../files/json.ts";
import { isFileThere } from "../files/look.ts";
import { layerPath } from "./file_names.ts";
import { isLayerName, type LayerName, layerText } from "./layer_name.ts";
import { selectivityProblem } from "./read_selectivity.ts";
import { RECORD_FILE } from "./selectivity_files.ts";

/** What is read of `selectivity.json`. */
interface TableSummary {
  tests: number;
  sites: { layer: LayerName }[];
}

const schema: Schema<TableSummary> = z.object({
  tests: z.int().nonnegative(),
  sites: z.array(z.object({
    layer: z.union([z.int().nonnegative(), z.string().refine(isLayerName)]),
  })),
}) satisfies z.ZodType<TableSummary>;

/** The longest file that is read, in bytes. */
const MAX_BYTES = 2 ** 24;

/** The layers over which q was computed, together. */
export interface MeasuredLayers {
  /** The layers, ascending. */
  readonly layers: readonly LayerName[];
  /** How many tests there were: all groups, features and layers. */
  readonly tests: number;
  /** Why there are none though files of all lie there: what is wrong, and all layers of the table. */
  readonly damage?: { readonly problem: string; readonly layers: readonly LayerName[] };
}

const NONE: MeasuredLayers = { layers: [], tests: 0 };

/** The path of what is said of all statistics of a directory together. */
function selectivitySummaryPath(directory: string): string {
  return `${directory}/selectivity.json`;
}

/**
 * The layers of the table of statistics, of which all files lie there as they were written.
 *
 * @returns None if there is no table, or one of its layers has other numbers now.
 * @throws {InputError} If `selectivity.json` is damaged.
 */
export async function measuredLayers(directory: string): Promise<MeasuredLayers> {
  const path = selectivitySummaryPath(directory);
  if (!await isFileThere(path)) return NONE;
  const { sites, tests } = await readJson(schema, path, MAX_BYTES);
  const layers = sites.map(({ layer }) => layer);
  for (const layer of layers) {
    if (!await isFileThere(layerPath(directory, layer, RECORD_FILE))) return NONE;
    const problem = await selectivityProblem(directory, layer);
    if (problem !== undefined) {
      const where = `the statistics of ${layerText(layer)} cannot be used`;
      return { ...NONE, damage: { problem: `${where}: ${problem}`, layers } };
    }
  }
  return { layers, tests };
}
