/**
 * The files of states: an array for each site, and what says how they were made.
 *
 * @module
 */
import { jsonText } from "../files/json_writer.ts";
import type { Rows } from "../files/rows.ts";
import { Staging } from "../files/write_whole.ts";
import { countedTokens, type EncodedPrompt } from "../prompts/encoded_prompt.ts";
import { poolStates, type StatePooling } from "../lm/pool_states.ts";
import type { Site } from "../lm/site.ts";
import type { StateStore } from "../lm/state_store.ts";
import { npyBytes } from "../results/npy_file.ts";

/** What the file of a site is called. */
export function statesName(site: Site): string {
  const stem = site.point === "final"
    ? site.point
    : `${site.point}${String(site.block).padStart(2, "0")}`;
  return `${stem}_states.npy`;
}

/**
 * Writes all files together, or none.
 *
 * @param record What `states.json` says.
 * @returns The paths of the arrays.
 * @throws {InputError} If one cannot be written.
 */
export async function writeStates(
  directory: string,
  { sites, states, encoded, pooling, record }: {
    sites: readonly Site[];
    states: StateStore;
    encoded: readonly EncodedPrompt[];
    pooling: StatePooling | undefined;
    record: { shape: number[] };
  },
): Promise<string[]> {
  const counts = encoded.map((each) => countedTokens(each).length);
  const paths = sites.map((site) => `${directory}/${statesName(site)}`);
  await using staging = new Staging();
  for (const [i, site] of sites.entries()) {
    const rows: Rows = states.at(site);
    const values = pooling === undefined
      ? rows.read(0, rows.count)
      : poolStates(rows, counts, pooling);
    await staging.add(paths[i]!, npyBytes(values, record.shape));
    states.forget(site);
  }
  await staging.add(`${directory}/states.json`, jsonText(record));
  await staging.commit();
  return paths;
}
