/**
 * Whether an encoder of as many features as the states are wide lies transposed, which its shape
 * cannot tell.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { featureRows } from "./stored_rows.ts";
import { sizesOf } from "./tensor_checks.ts";
import type { Matrices } from "./tensor_decoder.ts";

/** By how much the other reading has to fit better, in cosines. */
const MARGIN = 0.2;

/**
 * What a user is told if W of the encoder fits the decoder better when it is turned round: what a
 * feature reads and what it writes point in similar directions.
 *
 * @returns Nothing if the shapes tell which side is which.
 */
export async function squareNotes(file: TensorFile, matrices: Matrices): Promise<string[]> {
  const { encoder, isEncoderTransposed, decoder, isDecoderTransposed } = matrices;
  const [rows, columns] = sizesOf(file, encoder);
  if (rows !== columns) return [];
  const all = (name: string, isTransposed: boolean) =>
    featureRows(file, name, isTransposed).read(0, rows);
  const read = await all(encoder, isEncoderTransposed);
  const turned = await all(encoder, !isEncoderTransposed);
  const written = await all(decoder, isDecoderTransposed);
  const [asIs, other] = [meanCosine(read, written, rows), meanCosine(turned, written, rows)];
  if (!(other > asIs + MARGIN)) return [];
  return [
    `${encoder} is ${rows} × ${columns}, so that its shape cannot tell how it lies, and it fits ` +
    `${decoder} better when it is turned round (mean cosine ${other.toFixed(2)} against ` +
    `${asIs.toFixed(2)}): it may have been saved transposed`,
  ];
}

function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  const count = a.length / width;
  let sum = 0;
  for (let row = 0; row < count; row++) {
    let [product, left, right] = [0, 0, 0];
    for (let i = row * width; i < (row + 1) * width; i++) {
      product += a[i]! * b[i]!;
      left += a[i]! * a[i]!;
      right += b[i]! * b[i]!;
    }
    if (left > 0 && right > 0) sum += product / Math.sqrt(left * right);
  }
  return sum / count;
}
