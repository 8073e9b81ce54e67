/**
 * Opens weights of any format that coact knows.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { FileSource } from "../files/byte_source.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { openSafetensorsFile } from "./safetensors_file.ts";
import type { TensorFile } from "./tensor_file.ts";
import { openTorchFile } from "./torch_file.ts";

/** The formats by the endings of names. */
const FORMATS: Readonly<
  Record<string, (source: FileSource, file: SteadyFile) => Promise<TensorFile>>
> = {
  ".safetensors": openSafetensorsFile,
  ".bin": openTorchFile,
  ".pt": openTorchFile,
  ".pth": openTorchFile,
};

/**
 * Opens a file of weights; none is read.
 *
 * @throws {InputError} If it does not exist, is damaged, or is of a format that coact does not know.
 */
export async function openTensorFile(path: string): Promise<TensorFile> {
  const ending = /\.\w+$/.exec(path)?.[0] ?? "";
  const open = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (open === undefined) {
    throw new InputError(
      `${path} is in no format known to coact, expected ${Object.keys(FORMATS).join(", ")}`,
    );
  }
  const file = await SteadyFile.see(path);
  using source = await file.open();
  return await open(source, file);
}
