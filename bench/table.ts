/**
 * Tables for a report: the same rows as Markdown and as JSON.
 *
 * @module
 */

/** A table with a title. Numbers are kept as they are for JSON, and formatted for readers. */
export interface Table {
  /** What it shows. */
  title: string;
  /** The columns. */
  columns: readonly string[];
  /** The rows, each with a cell for every column. */
  rows: readonly (readonly string[])[];
  /** What a reader must know to read it. */
  notes?: readonly string[];
}

/** A report as Markdown, as `deno fmt` leaves it but for the widths of columns. */
export function markdown(
  title: string,
  facts: readonly string[],
  tables: readonly Table[],
): string {
  const parts = tables.flatMap((table) => [`## ${table.title}`, rows(table), ...table.notes ?? []]);
  return [`# ${title}`, ...facts, ...parts].join("\n\n") + "\n";
}

function rows({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, column) => column === 0 ? "---" : "---:");
  return [line(columns), line(rule), ...rows.map(line)].join("\n");
}

/** Seconds for a reader. */
export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** Bytes for a reader; a dash where they are not known. */
export function mebibytes(value: number | undefined): string {
  return value === undefined ? "–" : `${(value / 2 ** 20).toFixed(0)} MiB`;
}

/** Operations a second for a reader. */
export function gigaflops(value: number): string {
  const shown = value / 1e9;
  return `${shown.toFixed(shown < 10 ? 1 : 0)} GFLOP/s`;
}

/** A share for a reader. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}
