/**
 * Arrays of NumPy's as {@linkcode TensorFile}s: one in a `.npy`, several in an `.npz`, whose members
 * are stored or deflated.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import type { ByteSource } from "../files/byte_source.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { type ByteRuns, readRuns } from "./byte_runs.ts";
import { gather } from "./gather.ts";
import { MOST_HEADER_BYTES, type NpyHeader, parseNpyHeader } from "./npy_header.ts";
import type { PickleValue } from "./pickle_values.ts";
import { BYTES_PER_ELEMENT, type DataType, elementCount, toNumbers } from "./stored_tensor.ts";
import { isRowsFirst } from "./strided_view.ts";
import {
  type RowRange,
  type TensorFile,
  type TensorInfo,
  tensorNamed,
  type TensorPlace,
} from "./tensor_file.ts";
import { checkSmall, partOf, piecesByRows, readView } from "./read_tensor.ts";
import { readZipDirectory } from "./zip_directory.ts";
import { readZipEntry, readZipRuns, type ZipEntry } from "./zip_entry.ts";

/** What the array of a `.npy` is called. */
const ONLY_ARRAY = "array";
/** The largest array that is read, in bytes as float32. */
const MAX_ARRAY_BYTES = 2 ** 33;

/** An array, and how to read its bytes. */
interface StoredArray {
  header: NpyHeader;
  dataType: DataType;
  /** Its zip entry; undefined of a file by itself. */
  entry: ZipEntry | undefined;
}

/**
 * Opens a `.npy` file, whose array is called `array`; only its header is read.
 *
 * @throws {InputError} If it is none, or its elements are not all there.
 */
export async function openNpyFile(source: ByteSource, file: SteadyFile): Promise<TensorFile> {
  const start = await source.read(0, Math.min(MOST_HEADER_BYTES, source.byteLength));
  const header = readHeader(source.name, start);
  checkLength(source.name, header, source.byteLength);
  return new NumpyFile(file, [[ONLY_ARRAY, header, undefined]]);
}

/**
 * Opens an `.npz` file; of its members only the headers are read.
 *
 * @throws {InputError} If it is none, is damaged, or the elements of an array are not all there.
 */
export async function openNpzFile(source: ByteSource, file: SteadyFile): Promise<TensorFile> {
  const entries = await readZipDirectory(source, (name) => name.endsWith(".npy"), {
    deflated: true,
  });
  const arrays: [string, NpyHeader, ZipEntry][] = [];
  for (const entry of entries.values()) {
    const what = `${source.name}: ${entry.name}`;
    const header = readHeader(what, await readBeginning(source, entry));
    if (header.dataType !== undefined) checkLength(what, header, entry.byteLength);
    arrays.push([entry.name.slice(0, -".npy".length), header, entry]);
  }
  return new NumpyFile(file, arrays);
}

class NumpyFile implements TensorFile {
  readonly path: string;
  readonly files: readonly SteadyFile[];
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly unreadable: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, PickleValue> = new UntrustedMap<PickleValue>();
  #file: SteadyFile;
  #arrays = new UntrustedMap<StoredArray>();
  #verified = new Set<ZipEntry>();

  constructor(
    file: SteadyFile,
    arrays: readonly (readonly [string, NpyHeader, ZipEntry | undefined])[],
  ) {
    this.#file = file;
    this.path = file.path;
    this.files = [file];
    const tensors = new UntrustedMap<TensorInfo>();
    const unreadable = new UntrustedMap<string>();
    for (const [name, header, entry] of arrays) {
      const { dataType, shape, description } = header;
      if (dataType === undefined) {
        unreadable.set(name, typeName(description));
        continue;
      }
      tensors.set(name, { name, dataType, shape, path: file.path, ...layoutOf(header, entry) });
      this.#arrays.set(name, { header, dataType, entry });
    }
    this.tensors = tensors;
    this.unreadable = unreadable;
  }

  part(): undefined {}

  async readNumbers(name: string): Promise<Float64Array> {
    const info = tensorNamed(this, name);
    checkSmall(info);
    const array = this.#arrays.get(name)!;
    const { header: { strides, isBigEndian }, dataType } = array;
    const { shape } = info;
    const length = elementCount(shape) * BYTES_PER_ELEMENT[dataType];
    const bytes = await this.#readRuns(array, { start: 0, length, step: length, count: 1 });
    if (isBigEndian) reverseElements(bytes, BYTES_PER_ELEMENT[dataType]);
    const numbers = toNumbers(bytes, dataType);
    return isRowsFirst({ shape, strides }) ? numbers : gather(numbers, shape, strides);
  }

  async read(
    name: string,
    rows?: RowRange,
    columns?: RowRange,
  ): Promise<Float32Array<ArrayBuffer>> {
    const info = tensorNamed(this, name);
    const array = this.#arrays.get(name)!;
    const { header: { strides, isBigEndian }, dataType } = array;
    const view = partOf(info, { start: 0, shape: info.shape, strides }, rows, columns);
    const count = elementCount(view.shape);
    if (4 * count > MAX_ARRAY_BYTES) {
      throw new InputError(`${this.path}: array ${name} has ${count} elements, too many to read`);
    }
    return await readView(info, view, async (runs) => {
      const bytes = await this.#readRuns(array, runs);
      if (isBigEndian) reverseElements(bytes, BYTES_PER_ELEMENT[dataType]);
      return bytes;
    }, "array");
  }

  pieces(name: string): AsyncIterable<Float32Array<ArrayBuffer>> {
    return piecesByRows(this, name);
  }

  place(name: string): TensorPlace | undefined {
    const { shape } = tensorNamed(this, name);
    const { header: { strides, isBigEndian, dataStart }, dataType, entry } = this.#arrays.get(
      name,
    )!;
    const isPlain = !isBigEndian && isRowsFirst({ shape, strides });
    if (!isPlain || entry?.deflatedLength !== undefined) return undefined;
    const byteLength = elementCount(shape) * BYTES_PER_ELEMENT[dataType];
    return { path: this.path, offset: (entry?.offset ?? 0) + dataStart, byteLength };
  }

  async verify(names: Iterable<string>): Promise<void> {
    using source = await this.#file.open();
    for (const name of names) {
      tensorNamed(this, name);
      const { entry } = this.#arrays.get(name)!;
      if (entry === undefined || this.#verified.has(entry)) continue;
      await readZipEntry(source, entry, { end: 0 });
      this.#verified.add(entry);
    }
  }

  /** Reads elements as they lie. */
  async #readRuns(
    { header: { dataStart }, entry }: StoredArray,
    runs: ByteRuns,
  ): Promise<Uint8Array<ArrayBuffer>> {
    using source = await this.#file.open();
    if (entry === undefined) return await readRuns(source, runs, dataStart);
    if (this.#verified.has(entry) && entry.deflatedLength === undefined) {
      return await readRuns(source, runs, entry.offset + dataStart);
    }
    const bytes = await readZipRuns(source, entry, { ...runs, start: dataStart + runs.start });
    this.#verified.add(entry);
    return bytes;
  }
}

/** The beginning of a member, without its checksum: it is checked when the elements are read. */
async function readBeginning(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const end = Math.min(MOST_HEADER_BYTES, entry.byteLength);
  if (entry.deflatedLength === undefined) {
    return await source.read(entry.offset, entry.offset + end);
  }
  return await readZipEntry(source, entry, { end });
}

function readHeader(what: string, bytes: Uint8Array): NpyHeader {
  try {
    return parseNpyHeader(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`${what} is no usable array: ${messageOf(error)}`);
  }
}

function checkLength(what: string, { dataType, shape, dataStart }: NpyHeader, byteLength: number) {
  if (dataType === undefined) return;
  const needed = dataStart + elementCount(shape) * BYTES_PER_ELEMENT[dataType];
  if (needed === byteLength) return;
  throw new InputError(
    `${what} is no usable array: it needs ${needed} bytes but has ${byteLength}; it may be truncated`,
  );
}

/** What NumPy calls a type that is not read: `|O` are objects. */
function typeName(description: string): string {
  return description === "|O" ? "object" : description;
}

function reverseElements(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

function layoutOf(header: NpyHeader, entry: ZipEntry | undefined): Pick<TensorInfo, "layout"> {
  if (entry?.deflatedLength !== undefined) return { layout: "deflated" };
  return isRowsFirst(header) ? {} : { layout: "strided" };
}
