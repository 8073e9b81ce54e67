/**
 * The rows of a matrix that a thread reads: those that are asked for, and the next ones meanwhile.
 *
 * @module
 */
import { type FeatureRange, type FeatureRows, freeNumbers } from "../sae/feature_rows.ts";

/** How a thread reads rows. */
export interface RowReader {
  /** Reads some rows. */
  readonly read: (range: FeatureRange) => Promise<Float32Array<ArrayBuffer>>;
  /** See {@linkcode FeatureRows}. */
  readonly isEvenlyRead?: boolean | undefined;
  /** See {@linkcode FeatureRows}. */
  readonly readColumns?: FeatureRows["readColumns"] | undefined;
}

/**
 * Rows that are read by a thread. Beside those that are at work, as many are in memory as are read
 * ahead.
 *
 * @param width How many numbers a row has.
 */
export function threadedRows(
  width: number,
  { read, isEvenlyRead, readColumns }: RowReader,
): FeatureRows {
  let coming: { range: FeatureRange; rows: Promise<Float32Array<ArrayBuffer>> } | undefined;
  const isComing = ({ first, count }: FeatureRange) =>
    coming?.range.first === first && coming.range.count === count;
  return {
    width,
    isEvenlyRead,
    ...(readColumns && { readColumns }),
    async read(first, count) {
      if (!isComing({ first, count })) return await read({ first, count });
      const { rows } = coming!;
      coming = undefined;
      return await rows;
    },
    ahead(first, count) {
      if (isComing({ first, count })) return;
      const rows = read({ first, count });
      rows.catch(() => {}); // it is thrown when they are asked for
      coming = { range: { first, count }, rows };
    },
    release: freeNumbers,
  };
}
