/**
 * Hidden states that somebody has stored: `[n, d]`, in a `.npy`, or a tensor of an `.npz` or
 * `.safetensors`.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { openTensorFile } from "../tensors/open_tensor_file.ts";
import { NotFiniteError, shapeText } from "../tensors/stored_tensor.ts";
import type { TensorFile, TensorInfo } from "../tensors/tensor_file.ts";

/** How many tensors of a file are named at most where one has to be chosen. */
const MOST_NAMED = 8;

/** Stored states; none is read yet. */
export interface StatesFile {
  /** The file. */
  readonly path: string;
  /** The file as it was when it was opened. */
  readonly file: SteadyFile;
  /** The tensor. */
  readonly key: string;
  /** Its type: `float32`. */
  readonly dataType: string;
  /** Its shape as it is stored. */
  readonly shape: readonly number[];
  /** How many states there are. */
  readonly count: number;
  /** How many numbers a state has. */
  readonly width: number;
  /**
   * Reads states `first` up to but not including `first + count`, as float32, rows first.
   *
   * @throws {InputError} If one is not finite, by its number, or the file is damaged or was changed.
   */
  read(first: number, count: number): Promise<Float32Array<ArrayBuffer>>;
}

/** What an SAE takes. */
export interface StatesTaker {
  /** What to call it. */
  readonly path: string;
  /** The width of the states that it takes. */
  readonly width: number;
  /** Whether a state is what several heads give, one after the other. */
  readonly readsHeads: boolean;
}

/**
 * Opens stored states for an SAE.
 *
 * @param key The tensor. Default: the only one.
 * @throws {InputError} If there is no such tensor, or its shape is not what the SAE takes.
 */
export async function openStatesFile(
  path: string,
  key: string | undefined,
  taker: StatesTaker,
): Promise<StatesFile> {
  const tensors = await openTensorFile(path);
  const info = chosen(tensors, key);
  const { shape } = info;
  const width = widthOf(info, taker);
  const count = shape[0]!;
  if (width !== taker.width) {
    throw new InputError(
      `${what(info)} holds states of width ${width} (shape ${
        shapeText(shape)
      }), but ${taker.path} ` +
        `takes ${taker.width}`,
    );
  }
  return {
    path,
    file: tensors.files[0]!,
    key: info.name,
    dataType: info.dataType,
    shape,
    count,
    width,
    read: reader(tensors, info, width),
  };
}

function chosen(tensors: TensorFile, key: string | undefined): TensorInfo {
  const names = [...tensors.tensors.keys()];
  const advice = { kind: "name_tensor" } as const;
  if (key !== undefined) {
    const info = tensors.tensors.get(key);
    if (info !== undefined) return info;
    const type = tensors.unreadable.get(key);
    throw new InputError(
      type === undefined
        ? `${tensors.path} has no tensor ${key}, but ${listed(names)}`
        : `${tensors.path}: ${key} is ${type}, expected floating-point numbers`,
      { advice },
    );
  }
  const [only, other] = names;
  if (other !== undefined) {
    throw new InputError(`${tensors.path} holds ${names.length} tensors: ${listed(names)}`, {
      advice,
    });
  }
  if (only !== undefined) return tensors.tensors.get(only)!;
  const [[name, type] = []] = tensors.unreadable;
  throw new InputError(
    name === undefined
      ? `${tensors.path} holds no tensor`
      : `${tensors.path}: ${name} is ${type}, expected floating-point numbers`,
  );
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none at all";
  return names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? ", …" : "");
}

function what({ path, name }: TensorInfo): string {
  return path.endsWith(".npy") ? path : `${path}: ${name}`;
}

function widthOf(info: TensorInfo, { path, width, readsHeads }: StatesTaker): number {
  const { shape } = info;
  if (shape.length === 2) return shape[1]!;
  const found = `${what(info)} has shape ${shapeText(shape)}, expected [n, ${width}]`;
  if (shape.length !== 3) throw new InputError(found);
  if (!readsHeads) {
    throw new InputError(
      `${found}; of three dimensions the last two are heads only for an SAE that reads ` +
        `concatenated heads, which ${path} does not`,
    );
  }
  return shape[1]! * shape[2]!;
}

function reader(tensors: TensorFile, info: TensorInfo, width: number): StatesFile["read"] {
  // What lies otherwise, as in columns or deflated, is read once: a part would cost as much.
  const isPlain = tensors.place(info.name) !== undefined;
  let whole: Promise<Float32Array<ArrayBuffer>> | undefined;
  const rows = async (start: number, end: number) => {
    if (isPlain) return await tensors.read(info.name, { start, end });
    whole ??= tensors.read(info.name);
    return (await whole).subarray(start * width, end * width);
  };
  return async (first, count) => {
    try {
      return await rows(first, first + count);
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      const row = (isPlain ? first : 0) + Math.floor(error.position / width);
      throw new InputError(
        `${what(info)}: row ${row} holds ${error.value}, expected finite numbers`,
      );
    }
  };
}
