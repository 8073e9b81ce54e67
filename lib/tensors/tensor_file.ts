/**
 * The one face of weight files: named tensors, read by name, however they are stored. A format is a
 * function from an open file to this; `open_tensor_file.ts` chooses it.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import type { PickleValue } from "./pickle_values.ts";
import type { DataType } from "./stored_tensor.ts";

/** Weights in one file, or in shards with an index. */
export interface TensorFile {
  /** What to call it in messages: the path of the file, or of the index. */
  readonly path: string;
  /** The files that it consists of, the index first. */
  readonly files: readonly SteadyFile[];
  /** The tensors that it holds, by name. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** What else has a name in it and cannot be read, and of what type that is. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** What has a name in it and is no tensor: a text, a number, a dict. Only `torch.save` writes such. */
  readonly values: ReadonlyMap<string, PickleValue>;
  /**
   * The tensors in a dict that it holds by this name, as a file of their own; undefined if there is
   * no such dict.
   */
  part(name: string): TensorFile | undefined;
  /**
   * Reads a small tensor of any type, rows first. Its numbers may be integers, NaN or infinite.
   *
   * @throws {InputError} If there is no such tensor, it is damaged, or has over 2^20 numbers.
   */
  readNumbers(name: string): Promise<Float64Array>;
  /**
   * Reads a floating-point tensor as float32, rows first. Values of other precisions are rounded.
   * Of a matrix nothing is kept but what is asked for, and nothing else is read where it lies as it
   * is: a compressed one is inflated from its beginning to its end each time.
   *
   * @param rows Which entries of the first axis to read. Default: all.
   * @param columns Which entries of the last axis. Default: all.
   * @throws {InputError} If there is no such tensor, it is damaged or no floating-point tensor, one
   * of its values is not finite, or the file is not what it was when it was opened.
   */
  read(name: string, rows?: RowRange, columns?: RowRange): Promise<Float32Array<ArrayBuffer>>;
  /**
   * Reads a floating-point tensor through once, some of its elements after the other, as float32, rows
   * first; each piece is there until the next one comes. Where the file has checksums, whoever comes
   * to the end knows that the elements were right.
   *
   * @throws {InputError} As `read` does.
   */
  pieces(name: string): AsyncIterable<Float32Array<ArrayBuffer>>;
  /**
   * Where the elements of a tensor lie, one after the other, little-endian, rows first. Undefined
   * if they lie otherwise, as those of a transposed view; they can be read all the same.
   */
  place(name: string): TensorPlace | undefined;
  /**
   * Holds tensors against the checksums in the file, where it has some.
   *
   * @throws {InputError} If one is damaged.
   */
  verify(names: Iterable<string>): Promise<void>;
}

/** What a file says of a tensor. */
export interface TensorInfo {
  /** Its name in the file. */
  readonly name: string;
  /** The type of its elements. */
  readonly dataType: DataType;
  /** Its shape. */
  readonly shape: readonly number[];
  /** The file that holds it. */
  readonly path: string;
  /**
   * How its elements lie if not one after the other, rows first: otherwise, as those of a transposed
   * view do, or deflated, so that each reading goes through all of them.
   */
  readonly layout?: "strided" | "deflated" | undefined;
}

/** A run of bytes in a file. */
export interface TensorPlace {
  /** The file. */
  readonly path: string;
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly byteLength: number;
}

/** Entries `start` up to but not including `end` of an axis of a tensor: some of its rows. */
export interface RowRange {
  /** The first. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
}

/**
 * What a file says of a tensor that is asked for.
 *
 * @throws {InputError} If it is not there.
 */
export function tensorNamed(
  { path, tensors, unreadable }: Pick<TensorFile, "path" | "tensors" | "unreadable">,
  name: string,
): TensorInfo {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  const type = unreadable.get(name);
  throw new InputError(
    type === undefined
      ? `${path}: tensor ${name} is missing`
      : `${path}: tensor ${name} is ${type}, which coact does not read`,
  );
}
