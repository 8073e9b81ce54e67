/**
 * A state dict that `torch.save` wrote, as a {@linkcode TensorFile}.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { ByteSource } from "../files/byte_source.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { readRuns } from "./byte_runs.ts";
import { elementCount, type StoredTensor } from "./stored_tensor.ts";
import {
  type RowRange,
  type TensorFile,
  type TensorInfo,
  tensorNamed,
  type TensorPlace,
} from "./tensor_file.ts";
import { checkSmall, partOf, piecesByRows, readView } from "./read_tensor.ts";
import { openTorchCheckpoint, type TorchCheckpoint } from "./torch_checkpoint.ts";
import {
  findElements,
  IN_PARTS,
  locateTensor,
  piecesOfTorchFloat32,
  readTorchNumbers,
} from "./torch_elements.ts";
import { OpaqueValue, PickleDict, type PickleValue } from "./pickle_values.ts";
import { PickledTensor } from "./pickled_tensor.ts";
import { readZipEntry, readZipRuns, type ZipEntry } from "./zip_entry.ts";

/**
 * How often a file's bytes may be used over: the embeddings are, where they are the head as well.
 * More would make a small file a model of any size.
 */
const MAX_REUSE = 2;
/** How much of a tensor is read at once, at most, in bytes as float32. */
const MAX_BYTES_AT_ONCE = 2 ** 33;

/**
 * Opens a state dict: tensors by name, and attributes of no interest. No tensor is read.
 *
 * @param source The file, open.
 * @param file The same, for later.
 * @throws {InputError} If it holds no state dict, or is damaged.
 */
export async function openTorchFile(source: ByteSource, file: SteadyFile): Promise<TensorFile> {
  const checkpoint = await openTorchCheckpoint(source);
  const { content } = checkpoint;
  if (content instanceof PickleDict) return new TorchFile({ checkpoint, file, dict: content });
  if (!(content instanceof OpaqueValue)) throw new InputError(`${source.name} holds no state dict`);
  throw new InputError(
    `${source.name} holds what ${content.path} makes, no state dict: coact reads pickles as data and ` +
      "executes nothing; save the state_dict() of it",
  );
}

/** Some tensors of a checkpoint that is open already. */
export interface TorchTensors {
  /** The checkpoint. */
  readonly checkpoint: TorchCheckpoint;
  /** The tensors, each with its name. */
  readonly dict: Iterable<readonly [PickleValue, PickleValue]>;
  /**
   * The file, which is opened anew for each reading. Default: the bytes come from the source of the
   * checkpoint, for as long as that is open.
   */
  readonly file?: SteadyFile | undefined;
  /** Names of tensors that were held against the checksums of the file. Default: none. */
  readonly verified?: readonly string[] | undefined;
}

/**
 * Some tensors of a checkpoint that is open already, as a file of their own.
 *
 * @throws {InputError} If the tensors are damaged.
 */
export function torchFileOf(tensors: TorchTensors): TensorFile {
  return new TorchFile(tensors);
}

class TorchFile implements TensorFile {
  readonly path: string;
  readonly files: readonly SteadyFile[];
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly unreadable: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, PickleValue>;
  #file: SteadyFile | undefined;
  #checkpoint: TorchCheckpoint;
  #pickled: ReadonlyMap<string, PickledTensor>;
  /** Those whose elements lie one after the other. */
  #dense: ReadonlyMap<string, StoredTensor>;
  #verified = new Set<ZipEntry>();

  constructor({ checkpoint, dict, file, verified = [] }: TorchTensors) {
    const path = checkpoint.source.name;
    const pickled = new UntrustedMap<PickledTensor>();
    const unreadable = new UntrustedMap<string>();
    const values = new UntrustedMap<PickleValue>();
    for (const [name, value] of dict) {
      if (typeof name !== "string") continue;
      if (value instanceof PickledTensor) {
        pickled.set(name, value);
      } else {
        values.set(name, value);
        unreadable.set(name, "no tensor");
      }
    }
    this.values = values;
    this.unreadable = unreadable;
    this.path = path;
    this.files = file === undefined ? [] : [file];
    this.#file = file;
    this.#checkpoint = checkpoint;
    this.#pickled = pickled;
    this.#dense = locateDense(checkpoint, pickled);
    const tensors = new UntrustedMap<TensorInfo>();
    for (const [name, { storage: { dataType }, shape, isContiguous }] of pickled) {
      const layout = isContiguous ? {} : { layout: "strided" } as const;
      tensors.set(name, { name, dataType, shape, path, ...layout });
    }
    this.tensors = tensors;
    for (const name of verified) this.#verified.add(this.#entryOf(name));
  }

  part(name: string): TensorFile | undefined {
    const dict = this.values.get(name);
    if (!(dict instanceof PickleDict)) return undefined;
    return new TorchFile({ checkpoint: this.#checkpoint, file: this.#file, dict });
  }

  async readNumbers(name: string): Promise<Float64Array> {
    checkSmall(tensorNamed(this, name));
    using opened = await this.#open();
    return await readTorchNumbers(opened.checkpoint, name, this.#pickled.get(name)!);
  }

  async read(
    name: string,
    rows?: RowRange,
    columns?: RowRange,
  ): Promise<Float32Array<ArrayBuffer>> {
    const info = tensorNamed(this, name);
    const tensor = this.#pickled.get(name)!;
    findElements(this.#checkpoint, name, tensor, IN_PARTS);
    const view = partOf(info, tensor, rows, columns);
    const bytes = 4 * elementCount(view.shape);
    if (bytes > MAX_BYTES_AT_ONCE) {
      throw new InputError(`${this.path}: tensor ${name} is of ${bytes} bytes, too many to read`);
    }
    const entry = this.#entryOf(name);
    using opened = await this.#open();
    const { source } = opened.checkpoint;
    return await readView(info, view, async (runs) => {
      if (this.#verified.has(entry)) return await readRuns(source, runs, entry.offset);
      const bytes = await readZipRuns(source, entry, runs);
      this.#verified.add(entry);
      return bytes;
    });
  }

  async *pieces(name: string): AsyncGenerator<Float32Array<ArrayBuffer>> {
    tensorNamed(this, name);
    const entry = this.#entryOf(name);
    using opened = await this.#open();
    const pieces = piecesOfTorchFloat32(opened.checkpoint, name, this.#pickled.get(name)!);
    yield* pieces ?? piecesByRows(this, name);
    this.#verified.add(entry);
  }

  place(name: string): TensorPlace | undefined {
    tensorNamed(this, name);
    const dense = this.#dense.get(name);
    if (dense !== undefined) {
      return { path: this.path, offset: dense.offset, byteLength: dense.byteLength };
    }
    findElements(this.#checkpoint, name, this.#pickled.get(name)!, IN_PARTS); // are they there at all?
    return undefined;
  }

  async verify(names: Iterable<string>): Promise<void> {
    using opened = await this.#open();
    const { source } = opened.checkpoint;
    for (const name of names) {
      tensorNamed(this, name);
      const entry = this.#entryOf(name);
      if (this.#verified.has(entry)) continue;
      await readZipEntry(source, entry, { end: 0 });
      this.#verified.add(entry);
    }
  }

  /** The checkpoint with its bytes at hand. */
  async #open(): Promise<Disposable & { readonly checkpoint: TorchCheckpoint }> {
    const checkpoint = this.#checkpoint;
    if (this.#file === undefined) return { checkpoint, [Symbol.dispose]() {} };
    const source = await this.#file.open();
    return { checkpoint: { ...checkpoint, source }, [Symbol.dispose]: () => source.close() };
  }

  #entryOf(name: string): ZipEntry {
    const { key } = this.#pickled.get(name)!.storage;
    const entry = this.#checkpoint.storages.get(key);
    if (entry !== undefined) return entry;
    throw new InputError(
      `${this.path} is no usable PyTorch checkpoint: the bytes of tensor ${name} are missing`,
    );
  }
}

function locateDense(
  checkpoint: TorchCheckpoint,
  pickled: ReadonlyMap<string, PickledTensor>,
): UntrustedMap<StoredTensor> {
  const { name: path, byteLength } = checkpoint.source;
  const dense = new UntrustedMap<StoredTensor>();
  let bytes = 0;
  for (const [name, tensor] of pickled) {
    if (!tensor.isContiguous) continue;
    const located = locateTensor(checkpoint, name, tensor, IN_PARTS);
    bytes += located.byteLength;
    dense.set(name, located);
  }
  if (bytes > MAX_REUSE * byteLength) {
    throw new InputError(
      `${path} has ${byteLength} bytes, but its tensors ${bytes}: they share storage`,
    );
  }
  return dense;
}
