/**
 * The columns of `selectivity.parquet`.
 *
 * @module
 */
import { isDiscovery } from "./discovery.ts";
import type { GroupRecord } from "./selectivity_record.ts";
import type { Selectivity } from "../stats/selectivity/selectivity.ts";
import { NO_FLAG, type TableColumn, type TableValues, valueAt } from "./table_column.ts";

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
/** The first line of the table as CSV. */
export const CSV_HEAD: string = COLUMNS.join(",");

/** What the rows of a site are made of. */
export interface TableSite {
  /** What the measures are. */
  readonly record: {
    /** The site's name, with what tells an SAE apart from others there. */
    readonly site: string;
    /** The groups. */
    readonly groups: readonly Pick<GroupRecord, "key" | "n_in" | "n_out">[];
    /** How many features there are. */
    readonly n_features: number;
    /** The features that are listed. */
    readonly listed: readonly number[];
  };
  /** The measures, `[groups, features]` each. */
  readonly measures: Selectivity;
  /** log10 of q, `[groups, features]`. */
  readonly log10Q: Float64Array<ArrayBuffer>;
}

/** The rows of one group at one site. */
export function columnsOf(site: TableSite, group: number): readonly TableColumn[] {
  const { record: { site: name, groups, n_features }, measures, log10Q } = site;
  const { key, n_in, n_out } = groups[group]!;
  const cells = { first: group * n_features, end: (group + 1) * n_features };
  const own = (values: Float64Array<ArrayBuffer>) => values.subarray(cells.first, cells.end);
  const same = (value: string | number) => ({ same: value, count: n_features });
  const [inside, outside] = [own(measures.mean_in), own(measures.mean_out)];
  const values: Record<typeof COLUMNS[number], TableValues> = {
    site: same(name),
    group: same(key),
    feature: new Int32Array(n_features).map((_, feature) => feature),
    n_in: same(n_in),
    n_out: same(n_out),
    mean_in: inside,
    mean_out: outside,
    sd_in: own(measures.sd_in),
    sd_out: own(measures.sd_out),
    active_in: own(measures.active_in),
    active_out: own(measures.active_out),
    difference: inside.map((mean, feature) => mean - outside[feature]!),
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

/** Whether each cell is a discovery, where there is a test. */
function discoveriesIn(
  site: TableSite,
  { first, end }: { first: number; end: number },
): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(end - first).fill(NO_FLAG);
  for (let cell = first; cell < end; cell++) {
    if (!Number.isNaN(site.log10Q[cell]!)) found[cell - first] = Number(isDiscovery(site, cell));
  }
  return found;
}

function typeOf(column: typeof COLUMNS[number]): TableColumn["type"] {
  if (column === "site" || column === "group") return "STRING";
  if (column === "discovery") return "BOOLEAN";
  return ["feature", "n_in", "n_out"].includes(column) ? "INT32" : "DOUBLE";
}

/** Rows as lines of a CSV file; a value that does not exist is an empty cell. */
export function csvLines(columns: readonly TableColumn[], rows: readonly number[]): string[] {
  const cell = (value: string | number | boolean | null) => {
    const text = value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => columns.map(({ values }) => cell(valueAt(values, row))).join(","));
}
