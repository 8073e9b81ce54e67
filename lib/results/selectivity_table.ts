/**
 * The table of all groups, features and sites: `selectivity.parquet`, and what is to be said of it as a
 * whole, `selectivity.json`.
 *
 * @module
 */
import type { LayerName } from "./layer_name.ts";
import { InputError } from "../base/errors.ts";
import { Staging } from "../files/write_whole.ts";
import { jsonText } from "../files/json_writer.ts";
import { lowerBound, sortedLog10Q } from "../stats/benjamini_hochberg.ts";
import { parquetBytes, type TableColumn } from "./parquet_table.ts";
import type { SelectivityRecord } from "./selectivity_record.ts";
import { readSelectivity, readSelectivityRecord } from "./selectivity_files.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/** A test is a discovery if its q is at most this, and its interval does not hold ½. */
export const DISCOVERY_Q = 0.05;

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

/** Whether a group and a feature are a discovery. */
export function isDiscovery(
  { measures, log10Q }: {
    readonly measures: Readonly<Record<"auroc_low" | "auroc_high", ArrayLike<number>>>;
    readonly log10Q: ArrayLike<number>;
  },
  cell: number,
): boolean {
  const isClear = measures.auroc_low[cell]! > 0.5 || measures.auroc_high[cell]! < 0.5;
  return log10Q[cell]! <= Math.log10(DISCOVERY_Q) && isClear;
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
  const records = new Map<LayerName, SelectivityRecord>();
  for (const layer of layers) { // in their order, so that the first that has none is named
    const record = await readSelectivityRecord(directory, layer);
    if (record === undefined) {
      throw new InputError(`layer ${layer} in ${directory} lacks the statistics of each feature`, {
        advice: { kind: "analyze", outputDirectory: directory, layers: [layer] },
      });
    }
    records.set(layer, record);
  }
  const tests = [...records.values()]
    .reduce((sum, { groups, n_features }) => sum + groups.length * n_features, 0);
  const sorted = new Float64Array(tests);
  let count = 0;
  for (const [layer, record] of records) {
    const { measures } = await readSelectivity(directory, layer, record);
    for (const p of measures.log10_p) if (!Number.isNaN(p)) sorted[count++] = p;
  }
  const all = sorted.subarray(0, count).sort();
  const q = sortedLog10Q(all);
  for (const [layer, record] of records) {
    const found = await readSelectivity(directory, layer, record);
    const log10Q = found.measures.log10_p.map((p) =>
      Number.isNaN(p) ? NaN : q[lowerBound(all, p)]!
    );
    yield { ...found, layer, log10Q };
  }
}

/**
 * Writes the table of layers, whose selectivity lies there already.
 *
 * @param layers The layers, ascending.
 * @param options Whether the rows of the listed features are written as CSV, too.
 * @returns What is to be said of it as a whole.
 * @throws {InputError} If a layer has none, or a file cannot be written.
 */
export async function writeSelectivityTable(
  directory: string,
  layers: readonly LayerName[],
  { csv = false }: { csv?: boolean | undefined } = {},
): Promise<SelectivitySummary> {
  const summary: SelectivitySummary = {
    tests: 0,
    q: DISCOVERY_Q,
    discoveries: 0,
    sites: [],
    notes: [],
  };
  const lines: string[] = [];
  const rows = async function* (): AsyncGenerator<readonly TableColumn[]> {
    for await (const site of readQualified(directory, layers)) {
      count(site, summary);
      for (let group = 0; group < site.record.groups.length; group++) {
        const columns = columnsOf(site, group);
        if (csv) lines.push(...csvLines(columns, site.record.listed));
        yield columns;
      }
    }
  };
  await using staging = new Staging();
  await staging.add(`${directory}/selectivity.parquet`, parquetBytes(rows()));
  if (csv) {
    await staging.add(`${directory}/selectivity.csv`, `${[CSV_HEAD, ...lines].join("\n")}\n`);
  }
  await staging.add(`${directory}/selectivity.json`, jsonText(summary));
  await staging.commit();
  return summary;
}

function count(site: QualifiedSelectivity, summary: SelectivitySummary): void {
  const { record: { groups, n_features, notes }, log10Q, layer } = site;
  const byGroup = groups.map(({ key }, group) => {
    let found = 0;
    for (let cell = group * n_features; cell < (group + 1) * n_features; cell++) {
      if (isDiscovery(site, cell)) found++;
    }
    return [key, found] as const;
  });
  const discoveries = byGroup.reduce((sum, [, found]) => sum + found, 0);
  summary.tests += log10Q.reduce((sum, q) => sum + Number(!Number.isNaN(q)), 0);
  summary.discoveries += discoveries;
  const site_ = site.record.site;
  summary.sites.push({ site: site_, layer, discoveries, by_group: Object.fromEntries(byGroup) });
  for (const note of notes) if (!summary.notes.includes(note)) summary.notes.push(note);
}

/** The columns of the table, in their order. */
const COLUMNS = [
  "site",
  "group",
  "feature",
  "n_in",
  "n_out",
  "mean_in",
  "mean_out",
  "sd_in",
  "sd_out",
  "active_in",
  "active_out",
  "difference",
  "difference_low",
  "difference_high",
  "auroc",
  "auroc_low",
  "auroc_high",
  "log10_p",
  "log10_q",
  "discovery",
] as const;
const CSV_HEAD = COLUMNS.join(",");

/** The rows of one group at one site. */
function columnsOf(site: QualifiedSelectivity, group: number): readonly TableColumn[] {
  const { record: { site: name, groups, n_features }, measures, log10Q } = site;
  const { key, n_in, n_out } = groups[group]!;
  const cells = { first: group * n_features, end: (group + 1) * n_features };
  const own = (values: Float64Array) => values.subarray(cells.first, cells.end);
  const same = <T>(value: T) => new Array<T>(n_features).fill(value);
  const count = (value: number) => new Int32Array(n_features).fill(value);
  const outside = own(measures.mean_out);
  const values: Record<typeof COLUMNS[number], TableColumn["values"]> = {
    site: same(name),
    group: same(key),
    feature: Int32Array.from({ length: n_features }, (_, feature) => feature),
    n_in: count(n_in),
    n_out: count(n_out),
    mean_in: own(measures.mean_in),
    mean_out: outside,
    sd_in: own(measures.sd_in),
    sd_out: own(measures.sd_out),
    active_in: own(measures.active_in),
    active_out: own(measures.active_out),
    difference: own(measures.mean_in).map((mean, feature) => mean - outside[feature]!),
    difference_low: own(measures.difference_low),
    difference_high: own(measures.difference_high),
    auroc: own(measures.auroc),
    auroc_low: own(measures.auroc_low),
    auroc_high: own(measures.auroc_high),
    log10_p: own(measures.log10_p),
    log10_q: own(log10Q),
    discovery: discoveriesIn(site, cells),
  };
  return COLUMNS.map((column) => ({ name: column, type: typeOf(column), values: values[column] }));
}

/** Whether each cell is a discovery; null where there is no test. */
function discoveriesIn(
  site: QualifiedSelectivity,
  { first, end }: { first: number; end: number },
): (boolean | null)[] {
  const found: (boolean | null)[] = [];
  for (let cell = first; cell < end; cell++) {
    found.push(Number.isNaN(site.log10Q[cell]!) ? null : isDiscovery(site, cell));
  }
  return found;
}

function typeOf(column: typeof COLUMNS[number]): TableColumn["type"] {
  if (column === "site" || column === "group") return "STRING";
  if (column === "discovery") return "BOOLEAN";
  return ["feature", "n_in", "n_out"].includes(column) ? "INT32" : "DOUBLE";
}

/** Rows as lines of a CSV file; a value that does not exist is an empty cell. */
function csvLines(columns: readonly TableColumn[], rows: readonly number[]): string[] {
  const cell = (value: string | number | boolean | null) => {
    const text = value === null || Number.isNaN(value) ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => columns.map(({ values }) => cell(values[row]!)).join(","));
}
