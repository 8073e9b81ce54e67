/**
 * Reads what `torch.save` writes (PyTorch 1.6 and later): a zip file of one pickle, which is the
 * saved object with its tensors left out, and one stored entry for the bytes of each tensor.
 *
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import type { ByteSource } from "../files/byte_source.ts";
import { findUnexpectedContent } from "../files/unexpected_content.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import type { PickleValue } from "./pickle_values.ts";
import { parseTorchPickle } from "./torch_pickle.ts";
import { readZipDirectory } from "./zip_directory.ts";
import { readZipEntry, type ZipEntry } from "./zip_entry.ts";

/** The longest pickle that is read, in bytes. Checkpoints have a few kilobytes. */
const MAX_PICKLE_BYTES = 16 * 2 ** 20;

/** An opened checkpoint: the saved object, and where the bytes of its tensors lie. */
export interface TorchCheckpoint {
  /** The file. */
  readonly source: ByteSource;
  /** What was saved, with a {@linkcode PickledTensor} for each tensor. */
  readonly content: PickleValue;
  /** The bytes of the pickle, from which `content` was read. */
  readonly pickle: Uint8Array<ArrayBuffer>;
  /** The zip entries with the bytes of tensors, by storage key. */
  readonly storages: ReadonlyMap<string, ZipEntry>;
}

/**
 * Opens a checkpoint; no tensor is read.
 *
 * @throws {InputError} If the file was not written by `torch.save`, is truncated or damaged, or its
 * pickle refers to anything but tensors and plain data. Nothing in it is ever executed.
 */
export async function openTorchCheckpoint(source: ByteSource): Promise<TorchCheckpoint> {
  await rejectOtherFormats(source);
  const entries = await readZipDirectory(
    source,
    (name) => /(^|\/)(data\.pkl|byteorder|data\/[^/]+)$/.test(name),
  );
  const [pickleEntry, other] = [...entries.values()].filter(({ name }) =>
    /(^|\/)data\.pkl$/.test(name)
  );
  if (pickleEntry === undefined) throw unusable(source, "it is a zip file without data.pkl");
  if (other !== undefined) {
    throw unusable(source, `it has both ${pickleEntry.name} and ${other.name}`);
  }
  if (pickleEntry.byteLength > MAX_PICKLE_BYTES) {
    throw unusable(source, `its pickle has ${pickleEntry.byteLength} bytes`);
  }
  const root = pickleEntry.name.slice(0, -"data.pkl".length);
  await checkByteOrder(source, entries.get(`${root}byteorder`));
  const pickle = await readZipEntry(source, pickleEntry);
  const storages = new UntrustedMap<ZipEntry>();
  for (const [name, entry] of entries) {
    if (name.startsWith(`${root}data/`)) storages.set(name.slice(root.length + 5), entry);
  }
  return { source, content: parseContent(source, pickle), pickle, storages };
}

/** Says what a file is that is no zip file, where its first bytes tell. */
async function rejectOtherFormats(source: ByteSource): Promise<void> {
  const start = await source.read(0, Math.min(4, source.byteLength));
  if (start[0] === 0x50 && start[1] === 0x4b) return;
  const found = await findUnexpectedContent(source, "zip");
  if (found !== undefined) throw new InputError(`${source.name} ${found}`);
  if (start[0] === 0x80 && start[1]! <= 5) {
    throw unusable(
      source,
      "it is in the format of PyTorch before 1.6; load and save it again with a newer PyTorch",
    );
  }
  throw unusable(source, "it was not written by torch.save");
}

async function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return; // PyTorch before 2.1 writes none
  if (entry.byteLength > 16) throw unusable(source, "it does not say how its numbers lie");
  const order = new TextDecoder().decode(await readZipEntry(source, entry));
  if (order !== "little") throw unusable(source, `its numbers are ${order}-endian`);
}

function parseContent(source: ByteSource, pickle: Uint8Array): PickleValue {
  try {
    return parseTorchPickle(pickle);
  } catch (error) {
    throw new InputError(
      `${source.name} is refused: ${messageOf(error)} (its pickle was read as data, not executed)`,
    );
  }
}

/** The line for a file that is no checkpoint, or none that can be used. */
export function unusable(source: ByteSource, why: string): InputError {
  return new InputError(`${source.name} is no usable PyTorch checkpoint: ${why}`);
}
