/**
 * The rows of `selectivity.parquet` as bytes, made by a thread beside the one that asks if they are many.
 *
 * @module
 */
import { WorkerPool } from "../compute/worker_pool.ts";
import { copiedMeasures } from "./copied_measures.ts";
import type { TableSite } from "./selectivity_columns.ts";
import { SelectivityRows, type SiteRows } from "./selectivity_rows.ts";
import type { RowsAnswer, RowsRequest } from "./selectivity_rows_worker.ts";

/** Fewer rows are made before a thread has started. */
const MANY = 100_000;
/** With fewer cores, a thread has none to itself: pictures are drawn beside the rows. */
const FEWEST_CORES = 2;

/** Makes rows. Whoever makes it closes it, by `using`. */
export class TableRows implements Disposable {
  readonly #here: SelectivityRows | undefined;
  readonly #pool: WorkerPool<RowsRequest, RowsAnswer> | undefined;

  /**
   * Makes ready for so many rows.
   *
   * @param cores How many there are; it changes no byte. Default: those of the machine.
   */
  constructor(rows: number, cores: number = navigator.hardwareConcurrency) {
    if (rows < MANY || cores < FEWEST_CORES) {
      this.#here = new SelectivityRows();
      return;
    }
    const module = import.meta.resolve("./selectivity_rows_worker.ts");
    this.#pool = new WorkerPool(module, { size: 1, permissions: "read" });
  }

  /** Starts the thread, if there is to be one, ahead of the first rows: it loads its modules meanwhile. */
  start(): void {
    this.#pool?.startFor(1);
  }

  /**
   * Makes the rows of a site; the numbers stay the caller's.
   *
   * @param csv Whether those of the listed features are made as lines of a CSV file, too. Default: no.
   */
  async add(
    { measures, log10Q: q, record: { site, groups, n_features, listed } }: TableSite,
    csv: boolean = false,
  ): Promise<SiteRows> {
    const record = { site, groups, n_features, listed };
    if (this.#here !== undefined) {
      return await this.#here.add({ measures, log10Q: q, record }, csv);
    }
    const { copy, buffers } = copiedMeasures(measures);
    const log10Q = q.slice();
    const request = { site: { measures: copy, log10Q, record }, csv };
    return await this.#pool!.run(request, [...buffers, log10Q.buffer]) as SiteRows;
  }

  /** Makes the end of the file. */
  async end(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#here !== undefined) return await this.#here.end();
    return await this.#pool!.run({ end: true }) as Uint8Array<ArrayBuffer>;
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
  }
}
