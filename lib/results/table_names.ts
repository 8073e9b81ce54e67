/**
 * The files of the table of all features, which is of all layers that were measured.
 *
 * @module
 */
import { exists } from "../files/look.ts";
import { removeFile } from "../files/write_whole.ts";

/** Their names: what is said of the table as a whole, the table, and its listed rows as CSV. */
export const TABLE_NAMES = {
  summary: "selectivity.json",
  table: "selectivity.parquet",
  csv: "selectivity.csv",
} as const;

/**
 * Removes the table, for a layer that it is of has other numbers now.
 *
 * @returns The names of what was there.
 * @throws {InputError} If a file cannot be removed.
 */
export async function removeTable(directory: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of Object.values(TABLE_NAMES)) {
    const path = `${directory}/${name}`;
    if (!await exists(path)) continue;
    await removeFile(path);
    removed.push(name);
  }
  return removed;
}
