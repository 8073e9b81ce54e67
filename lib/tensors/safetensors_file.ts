/**
 * A safetensors file as a {@linkcode TensorFile}.
 *
 * @module
 */
import type { ByteSource } from "../files/byte_source.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { readSafetensors } from "./safetensors.ts";
import {
  BYTES_PER_ELEMENT,
  elementCount,
  readFloat32,
  type StoredTensor,
} from "./stored_tensor.ts";
import { type RowRange, shapeOfRows, type TensorFile, tensorNamed } from "./tensor_file.ts";

/**
 * Opens a safetensors file; only its header is read.
 *
 * @param source The file, open.
 * @param file The same, for later.
 * @throws {InputError} If it is no safetensors file, or contradicts itself.
 */
export async function openSafetensorsFile(
  source: ByteSource,
  file: SteadyFile,
): Promise<TensorFile> {
  const { path } = file;
  const unreadable = new Map<string, string>();
  const stored = await readSafetensors(source, (name, type) => unreadable.set(name, type));
  const tensors = new Map(
    [...stored].map(([name, { dataType, shape }]) => [name, { name, dataType, shape, path }]),
  );
  const opened: TensorFile = {
    path,
    files: [file],
    tensors,
    unreadable,
    async read(name, rows) {
      tensorNamed(opened, name);
      const tensor = stored.get(name)!;
      using source = await file.open();
      return await readFloat32(source, rows ? rowsOf(path, tensor, rows) : tensor);
    },
    place(name) {
      tensorNamed(opened, name);
      const { offset, byteLength } = stored.get(name)!;
      return { path, offset, byteLength };
    },
    verify: () => Promise.resolve(), // the format has no checksums
  };
  return opened;
}

/** Some rows of a tensor, as a tensor of its own. */
function rowsOf(path: string, tensor: StoredTensor, rows: RowRange): StoredTensor {
  const shape = shapeOfRows({ ...tensor, path }, rows);
  const rowBytes = elementCount(tensor.shape.slice(1)) * BYTES_PER_ELEMENT[tensor.dataType];
  return {
    ...tensor,
    shape,
    offset: tensor.offset + rows.start * rowBytes,
    byteLength: shape[0]! * rowBytes,
  };
}
