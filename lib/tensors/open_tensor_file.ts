/**
 * Opens weights of any format that coact knows.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { FileSource } from "../files/byte_source.ts";
import { lookAt } from "../files/look.ts";
import { SteadyFile } from "../files/steady_file.ts";
import {
  type ExpectedContent,
  findUnexpectedContent,
  findUnfinishedDownload,
  unfinishedAdvice,
} from "../files/unexpected_content.ts";
import { openNpyFile, openNpzFile } from "./numpy_file.ts";
import { openSafetensorsFile } from "./safetensors_file.ts";
import type { TensorFile } from "./tensor_file.ts";
import { openTorchFile } from "./torch_file.ts";

/** A way to store tensors. */
interface Format {
  /** How such a file begins. */
  content?: ExpectedContent;
  open: (source: FileSource, file: SteadyFile) => Promise<TensorFile>;
}

const TORCH: Format = { content: "zip", open: openTorchFile };

/** The formats by the endings of names. */
const FORMATS: Readonly<Record<string, Format>> = {
  ".safetensors": { content: "safetensors", open: openSafetensorsFile },
  ".bin": TORCH,
  ".pt": TORCH,
  ".pth": TORCH,
  ".npz": { content: "zip", open: openNpzFile },
  ".npy": { open: openNpyFile },
};

/**
 * Opens a file of weights; none is read.
 *
 * @throws {InputError} If it does not exist, is damaged, or is of a format that coact does not know.
 */
export async function openTensorFile(path: string): Promise<TensorFile> {
  const ending = /\.\w+$/.exec(path)?.[0] ?? "";
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (format === undefined) {
    if (await lookAt(path) === "directory") {
      throw new InputError(`${path} is a directory, expected a file`);
    }
    throw new InputError(
      `${path} is in no format known to coact, expected ${Object.keys(FORMATS).join(", ")}`,
    );
  }
  const file = await SteadyFile.see(path);
  using source = await file.open();
  const unexpected = format.content && await findUnexpectedContent(source, format.content);
  if (unexpected !== undefined) throw new InputError(`${path} ${unexpected}`);
  try {
    return await format.open(source, file);
  } catch (error) {
    const unfinished = error instanceof InputError ? await findUnfinishedDownload(path) : undefined;
    if (unfinished === undefined) throw error;
    throw new InputError(`${(error as InputError).message}${unfinishedAdvice(unfinished)}`);
  }
}
