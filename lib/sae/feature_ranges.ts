/**
 * Which features of an SAE are read at a time: as many as memory is to hold, and no more than their file
 * gives at little cost.
 *
 * @module
 */
import { type FeatureRange, type FeatureRows, freeNumbers, withRows } from "./feature_rows.ts";

/** How many bytes of weights are read at a time, at most, but for one row that is longer. */
export const CHUNK_BYTES: number = 64 * 2 ** 20;

/**
 * Features are divided at multiples of this. ONNX Runtime's sums begin at an aligned address, so that
 * the order of a row's sum depends on where the row lies, unless it moves by whole cache lines.
 */
export const FEATURE_STEP = 16;

/**
 * Cuts features into ranges whose rows take no more than so many bytes, in float32.
 *
 * @param bytes Default: {@linkcode CHUNK_BYTES}.
 */
export function* rangesOf(
  { featureCount, width }: { readonly featureCount: number; readonly width: number },
  bytes: number = CHUNK_BYTES,
): Generator<FeatureRange> {
  const most = Math.max(1, Math.floor(bytes / (4 * width)));
  for (let first = 0; first < featureCount; first += most) {
    yield { first, count: Math.min(most, featureCount - first) };
  }
}

/** How much is read at a time where a file has it so that more would not be faster, in bytes. */
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * Does something with all numbers of a matrix, some at a time, in whichever order their file has them.
 *
 * @param pieceBytes How many bytes are in memory at a time, where the file allows it. Default: 8 MiB.
 * @throws {InputError} If they are damaged, or one of them is not finite.
 */
export async function eachPiece(
  rows: FeatureRows,
  featureCount: number,
  use: (numbers: Float32Array) => void,
  pieceBytes: number = PIECE_BYTES,
): Promise<void> {
  const { width } = rows;
  if (rows.readColumns) {
    const all = { first: 0, count: featureCount };
    for (const depth of rangesOf({ featureCount: width, width: featureCount }, pieceBytes)) {
      const columns = await rows.readColumns(all, depth);
      use(columns);
      freeNumbers(columns);
    }
    return;
  }
  for (const range of piecesOf(rows, featureCount, pieceBytes)) await withRows(rows, range, use);
}

/**
 * Cuts the features into ranges that are as small as their file allows at little cost.
 *
 * @param pieceBytes How many bytes such a range has where rows lie one after the other, and half of
 * what it has where columns do. Default: 8 MiB.
 */
export function piecesOf(
  { width, isEvenlyRead, readColumns }: FeatureRows,
  featureCount: number,
  pieceBytes: number = PIECE_BYTES,
): Generator<FeatureRange> {
  const bytes = isEvenlyRead ? pieceBytes : readColumns ? 2 * pieceBytes : CHUNK_BYTES;
  return rangesOf({ featureCount, width }, bytes);
}
