/**
 * The rows of a matrix that a thread reads: those that are asked for, and the next ones meanwhile.
 *
 * @module
 */
import { type FeatureRange, type FeatureRows, freeNumbers } from "../sae/feature_rows.ts";

/** Has a thread read some rows. */
export type RowReader = (range: FeatureRange) => Promise<Float32Array<ArrayBuffer>>;

/**
 * Rows that are read by a thread. Beside those that are at work, as many are in memory as are read
 * ahead.
 *
 * @param width How many numbers a row has.
 */
export function threadedRows(width: number, read: RowReader): FeatureRows {
  let coming: { range: FeatureRange; rows: Promise<Float32Array<ArrayBuffer>> } | undefined;
  const isComing = ({ first, count }: FeatureRange) =>
    coming?.range.first === first && coming.range.count === count;
  return {
    width,
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
