/**
 * The table of all groups, features and sites: `selectivity.parquet`, and what is to be said of it as a
 * whole, `selectivity.json`.
 *
 * @module
 */
import { labelledSite, type LayerName, layerText } from "./layer_name.ts";
import { mapInOrder } from "../base/map_in_order.ts";
import { Staging } from "../files/write_whole.ts";
import { jsonText } from "../files/json_writer.ts";
import { DISCOVERY_Q, isDiscovery } from "./discovery.ts";
import { CSV_HEAD } from "./selectivity_columns.ts";
import { readMeasures, readSelectivity, readSelectivityRecord } from "./read_selectivity.ts";
import { remade } from "./remade.ts";
import type { SelectivityRecord } from "./selectivity_record.ts";
import { TABLE_NAMES } from "./table_names.ts";
import { TableRows } from "./table_rows.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";
import { QLookup } from "../stats/q_lookup.ts";

/** The selectivity of a layer, with q over all layers that were read together. */
export interface QualifiedSelectivity extends LayerSelectivity {
  /** The layer. */
  readonly layer: LayerName;
  /** log10 of q, `[groups, features]`; NaN where there is no test. */
  readonly log10Q: Float64Array<ArrayBuffer>;
}

/** What is to be said of the table as a whole. */
export interface SelectivitySummary {
  /** How many tests q was computed over: all groups, features and sites. */
  tests: number;
  /** The largest q of a discovery. */
  q: number;
  /** How many discoveries there are. */
  discoveries: number;
  /** Site by site, and group by group. */
  sites: {
    site: string;
    layer: LayerName;
    discoveries: number;
    by_group: Record<string, number>;
  }[];
  /** What holds of all numbers. */
  notes: string[];
}

/** Layers whose q are known together. */
export interface QualifiedLayers {
  /** How many tests q was computed over. */
  readonly tests: number;
  /**
   * Reads them one after the other.
   *
   * @throws {InputError} If a file is damaged.
   */
  readonly read: () => AsyncGenerator<QualifiedSelectivity>;
}

/** log10 of the p of layers, `[groups, features]` each, that need not be read of their files to find q. */
export type KnownTails = ReadonlyMap<LayerName, Float64Array>;

/**
 * Finds q over all groups and features of layers.
 *
 * @throws {InputError} If a layer has no statistics, or a file is damaged.
 */
async function qualifyLayers(
  directory: string,
  layers: readonly LayerName[],
  known: KnownTails = new Map(),
): Promise<QualifiedLayers> {
  const records = new Map<LayerName, SelectivityRecord>();
  for (const layer of layers) { // in their order, so that the first that has none is named
    const record = await readSelectivityRecord(directory, layer);
    if (record === undefined) {
      const problem = `${layerText(layer)} in ${directory} lacks the statistics of each feature`;
      throw remade(problem, directory, layer);
    }
    records.set(layer, record);
  }
  const tests = [...records.values()]
    .reduce((sum, { groups, n_features }) => sum + groups.length * n_features, 0);
  const sorted = new Float64Array(tests);
  let count = 0;
  for (const [layer, record] of records) {
    const tails = known.get(layer) ?? (await readMeasures(directory, layer, record)).log10_p;
    for (const p of tails) if (!Number.isNaN(p)) sorted[count++] = p;
  }
  const q = new QLookup(sorted.subarray(0, count).sort());
  const read = async function* (): AsyncGenerator<QualifiedSelectivity> {
    for (const [layer, record] of records) {
      const found = await readSelectivity(directory, layer, record);
      yield { ...found, layer, log10Q: q.of(found.measures.log10_p) };
    }
  };
  return { tests: count, read };
}

/**
 * Reads the selectivity of layers one after the other, with q over all of them.
 *
 * @throws {InputError} If a layer has none, or a file is damaged.
 */
export async function* readQualified(
  directory: string,
  layers: readonly LayerName[],
): AsyncGenerator<QualifiedSelectivity> {
  yield* (await qualifyLayers(directory, layers)).read();
}

/** So many layers are in memory at a time, and one more that waits. */
const LAYERS_AT_ONCE = 2;

/** How the table is written. */
export interface TableOptions {
  /** Whether the rows of the listed features are written as CSV, too. Default: no. */
  readonly csv?: boolean | undefined;
  /**
   * What else is made of each layer while its statistics are in memory, with the number of tests; it is
   * begun in the order of the layers. The table is written all the same if it fails. Default: nothing.
   */
  readonly also?: ((site: QualifiedSelectivity, tests: number) => Promise<void>) | undefined;
  /** What of the layers is in memory still. Default: nothing. */
  readonly known?: KnownTails | undefined;
  /** What makes the rows; the caller closes it, and it has made none before. Default: what is opened for it. */
  readonly rows?: TableRows | undefined;
}

/**
 * Writes the table of layers, whose selectivity lies there already.
 *
 * @param layers The layers, ascending.
 * @returns What is to be said of it as a whole.
 * @throws {InputError} If a layer has none, or a file cannot be written.
 */
export async function writeSelectivityTable(
  directory: string,
  layers: readonly LayerName[],
  { csv = false, also, known, rows: ready }: TableOptions = {},
): Promise<SelectivitySummary> {
  const { tests, read } = await qualifyLayers(directory, layers, known);
  const summary: SelectivitySummary = {
    tests,
    q: DISCOVERY_Q,
    discoveries: 0,
    sites: [],
    notes: [],
  };
  const lines: string[] = [];
  let failure: { error: unknown } | undefined;
  await using staging = new Staging();
  {
    await using file = await staging.begin(`${directory}/${TABLE_NAMES.table}`);
    using own = ready === undefined ? new TableRows(tests) : undefined;
    const rows = ready ?? own!;
    const make = async (site: QualifiedSelectivity) => {
      count(site, summary);
      const alsoMade = failure === undefined ? also?.(site, tests) : undefined;
      alsoMade?.catch((error) => failure ??= { error });
      const [made] = await Promise.all([
        rows.add(named(site), csv),
        Promise.allSettled([alsoMade]),
      ]);
      return made;
    };
    for await (const { parquet, csv: own } of mapInOrder(read(), LAYERS_AT_ONCE, make)) {
      for (const bytes of parquet) await file.write(bytes);
      for (const line of own) lines.push(line);
    }
    await file.write(await rows.end());
  }
  if (csv) {
    const text = `${[CSV_HEAD, ...lines].join("\n")}\n`;
    await staging.add(`${directory}/${TABLE_NAMES.csv}`, text);
  }
  await staging.add(`${directory}/${TABLE_NAMES.summary}`, jsonText(summary));
  await staging.commit();
  if (failure !== undefined) throw failure.error;
  return summary;
}

/** Named so that its rows are told from those of other SAEs at the same site. */
function named(site: QualifiedSelectivity): QualifiedSelectivity {
  return { ...site, record: { ...site.record, site: labelledSite(site.record.site, site.layer) } };
}

function count(site: QualifiedSelectivity, summary: SelectivitySummary): void {
  const { record: { groups, n_features, notes }, layer } = site;
  const byGroup = groups.map(({ key }, group) => {
    let found = 0;
    for (let cell = group * n_features; cell < (group + 1) * n_features; cell++) {
      if (isDiscovery(site, cell)) found++;
    }
    return [key, found] as const;
  });
  const discoveries = byGroup.reduce((sum, [, found]) => sum + found, 0);
  summary.discoveries += discoveries;
  const site_ = labelledSite(site.record.site, layer);
  summary.sites.push({ site: site_, layer, discoveries, by_group: Object.fromEntries(byGroup) });
  for (const note of notes) if (!summary.notes.includes(note)) summary.notes.push(note);
}
