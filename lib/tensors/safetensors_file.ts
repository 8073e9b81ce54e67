/**
 * A safetensors file as a {@linkcode TensorFile}.
 *
 * @module
 */
import type { ByteSource } from "../files/byte_source.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { readSafetensors } from "./safetensors.ts";
import { readRuns } from "./byte_runs.ts";
import { toNumbers } from "./stored_tensor.ts";
import { rowsFirst } from "./strided_view.ts";
import { type TensorFile, type TensorInfo, tensorNamed } from "./tensor_file.ts";
import { checkSmall, partOf, piecesByRows, readView } from "./read_tensor.ts";

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
  const unreadable = new UntrustedMap<string>();
  const stored = await readSafetensors(source, (name, type) => unreadable.set(name, type));
  const tensors = new UntrustedMap<TensorInfo>();
  for (const [name, { dataType, shape }] of stored) {
    tensors.set(name, { name, dataType, shape, path });
  }
  const opened: TensorFile = {
    path,
    files: [file],
    tensors,
    unreadable,
    values: new UntrustedMap(),
    part: () => undefined,
    async readNumbers(name) {
      checkSmall(tensorNamed(opened, name));
      const { offset, byteLength, dataType } = stored.get(name)!;
      using source = await file.open();
      return toNumbers(await source.read(offset, offset + byteLength), dataType);
    },
    async read(name, rows, columns) {
      const info = tensorNamed(opened, name);
      const { shape } = info;
      const view = partOf(info, { start: 0, shape, strides: rowsFirst(shape) }, rows, columns);
      using source = await file.open();
      const { offset } = stored.get(name)!;
      return await readView(info, view, (runs) => readRuns(source, runs, offset));
    },
    pieces: (name) => piecesByRows(opened, name),
    place(name) {
      tensorNamed(opened, name);
      const { offset, byteLength } = stored.get(name)!;
      return { path, offset, byteLength };
    },
    verify: () => Promise.resolve(), // the format has no checksums
  };
  return opened;
}
