import type { ByteSource } from "../../lib/files/byte_source.ts";
import { readRuns } from "../../lib/tensors/byte_runs.ts";
import { readView } from "../../lib/tensors/read_tensor.ts";
import type { StoredTensor } from "../../lib/tensors/stored_tensor.ts";
import { rowsFirst } from "../../lib/tensors/strided_view.ts";

/** Reads all of a tensor whose elements lie one after the other, as the readers of formats do. */
export async function readFloat32(
  source: ByteSource,
  { name, dataType, shape, offset }: StoredTensor,
): Promise<Float32Array<ArrayBuffer>> {
  const view = { start: 0, shape, strides: rowsFirst(shape) };
  const info = { name, dataType, shape, path: source.name };
  return await readView(info, view, (runs) => readRuns(source, runs, offset));
}
