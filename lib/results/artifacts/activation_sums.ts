/**
 * `layer{00}_activation_sums.npy`: the sums that the means are made of. A tile of questions is summed in
 * float32 (of 256 at most), tiles exactly. With the maxima and the counts (consistency times questions)
 * they are what results of other questions can be added to, byte for byte as if all had been analysed
 * together where the first ones fill whole tiles.
 *
 * Results of earlier versions do not have it, and nothing that is shown needs it.
 *
 * @module
 */
import { addOne, emptySums, type ExactSums } from "../../sae/encode/exact_sums.ts";
import { type Artifact, matrixShape } from "../artifact.ts";
import { layerPath } from "../file_names.ts";
import { npyBytes, readNpy } from "../npy_file.ts";
import type { LayerRecord } from "../layer_record.ts";
import { isFileThere } from "../../files/look.ts";
import { basename } from "node:path";

/** The sums. */
export const activationSums: Artifact = { file: "activation_sums.npy" };

/**
 * Sums as the bytes of a `.npy` file: `[relations, features]` in float64, or, where float64 does not
 * hold one of them, twice that, first the sums and then what was rounded off them.
 *
 * @returns Undefined where that does not hold them either: numbers of over thirty magnitudes.
 */
export function sumsBytes(
  { values, rests }: ExactSums,
  record: LayerRecord,
): Uint8Array<ArrayBuffer> | undefined {
  const shape = matrixShape(record);
  if (rests.size === 0) return npyBytes(values, shape);
  if ([...rests.values()].some(({ length }) => length > 1)) return undefined;
  const both = new Float64Array(2 * values.length);
  both.set(values);
  for (const [cell, [rest = 0]] of rests) both[values.length + cell] = rest;
  return npyBytes(both, [2, ...shape]);
}

/**
 * Reads the sums of a layer; undefined if it has none.
 *
 * @throws {InputError} If they are damaged.
 */
export async function readSums(
  directory: string,
  record: LayerRecord,
): Promise<ExactSums | undefined> {
  const path = layerPath(directory, record.layer, activationSums.file);
  const sha256 = record.files_sha256?.[basename(path)];
  if (sha256 === undefined || !await isFileThere(path)) return undefined;
  const shape = matrixShape(record);
  const count = shape.reduce((product, size) => product * size, 1);
  const { size } = await Deno.stat(path);
  const isTwice = size >= 16 * count;
  const read = await readNpy(path, "f8", isTwice ? [2, ...shape] : shape, { sha256 });
  const sums = emptySums(count);
  sums.values.set(read.subarray(0, count));
  read.subarray(count).forEach((rest, cell) => {
    if (rest !== 0) addOne(sums, cell, rest);
  });
  return sums;
}
