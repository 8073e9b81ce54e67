/**
 * The rows of `selectivity.parquet`, and of the same as CSV, site by site.
 *
 * @module
 */
import { Turns } from "../base/turns.ts";
import { ParquetFile } from "./parquet_table.ts";
import { columnsOf, csvLines, type TableSite } from "./selectivity_columns.ts";

/** The rows of a site. */
export interface SiteRows {
  /** The bytes that come next in the Parquet file, group by group. */
  readonly parquet: readonly Uint8Array<ArrayBuffer>[];
  /** The rows of the listed features as lines of a CSV file; none if they were not asked for. */
  readonly csv: readonly string[];
}

/**
 * Makes the rows of one site after the other, in the order in which they are asked for: the end of the
 * file says where the rows of each lie, and they are written in that order.
 */
export class SelectivityRows {
  readonly #file = new ParquetFile();
  readonly #turns = new Turns(1);

  /**
   * Makes the rows of a site, after those of the sites before it.
   *
   * @param csv Whether those of the listed features are made as lines of a CSV file, too.
   */
  async add(site: TableSite, csv: boolean): Promise<SiteRows> {
    return await this.#turns.take(() => this.#rowsOf(site, csv));
  }

  async #rowsOf(site: TableSite, csv: boolean): Promise<SiteRows> {
    const parquet: Uint8Array<ArrayBuffer>[] = [];
    const lines: string[] = [];
    for (let group = 0; group < site.record.groups.length; group++) {
      const columns = columnsOf(site, group);
      if (csv) lines.push(...csvLines(columns, site.record.listed));
      parquet.push(await this.#file.add(columns));
    }
    return { parquet, csv: lines };
  }

  /** The end of the Parquet file. */
  async end(): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#turns.take(() => this.#file.end());
  }
}
