/**
 * How the tensors of a file are read, whatever its format: in parts, in pieces, as float32.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { ByteRuns } from "./byte_runs.ts";
import { checkFinite, elementCount, isFloating, shapeText, toFloat32 } from "./stored_tensor.ts";
import { planView, type StridedView } from "./strided_view.ts";
import { type RowRange, type TensorFile, type TensorInfo, tensorNamed } from "./tensor_file.ts";

/**
 * Some rows and columns of a tensor.
 *
 * @param view Where all of it lies.
 * @throws {InputError} If it does not have them.
 */
export function partOf(
  { path, name, shape }: TensorInfo,
  view: StridedView,
  rows?: RowRange,
  columns?: RowRange,
): StridedView {
  const cut = (view: StridedView, axis: number, range: RowRange | undefined, what: string) => {
    if (range === undefined) return view;
    const { start, end } = range;
    if (!(axis >= 0 && start >= 0 && start <= end && end <= shape[axis]!)) {
      throw new InputError(
        `${path}: tensor ${name} of shape ${shapeText(shape)} has no ${what} ${start} to ${end}`,
      );
    }
    return {
      start: view.start + start * view.strides[axis]!,
      shape: view.shape.with(axis, end - start),
      strides: view.strides,
    };
  };
  // Of a vector the last axis is the first, which cannot be cut twice.
  const last = shape.length - 1;
  const isCutTwice = rows !== undefined && last === 0;
  const some = cut(view, shape.length > 0 ? 0 : -1, rows, "rows");
  return cut(some, isCutTwice ? -1 : last, columns, "columns");
}

/**
 * Reads a part of a tensor.
 *
 * @param view Where the part lies among the tensor's elements.
 * @param read Reads runs of bytes, one after the other.
 * @param kind What the format calls it. Default: a tensor.
 * @throws {InputError} If its elements are not floating-point numbers, or one is not finite.
 */
export async function readView(
  { path, name, dataType }: TensorInfo,
  view: StridedView,
  read: (runs: ByteRuns) => Promise<Uint8Array<ArrayBuffer>>,
  kind: "tensor" | "array" = "tensor",
): Promise<Float32Array<ArrayBuffer>> {
  const { runs, arrange } = planView(view, dataType);
  const elements = isFloating(dataType) ? toFloat32(await read(runs), dataType) : undefined;
  if (elements === undefined) {
    throw new InputError(
      `${path}: ${kind} ${name} is ${dataType}, expected floating-point numbers`,
    );
  }
  const values = arrange(elements);
  checkFinite(values, `${path}: ${kind} ${name}`);
  return values;
}

/** How much of a tensor is read at a time where it is read through, in bytes as float32. */
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * The pieces of a tensor of any format: some rows after the other. One that is deflated comes in one
 * piece, since each reading inflates all of it.
 *
 * @throws {InputError} As `read` of the file does.
 */
export async function* piecesByRows(
  file: Pick<TensorFile, "path" | "tensors" | "unreadable" | "read">,
  name: string,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const { shape, layout } = tensorNamed(file, name);
  const [rowCount] = shape;
  if (rowCount === undefined || layout === "deflated") return yield await file.read(name);
  const rowBytes = 4 * elementCount(shape.slice(1));
  const atOnce = Math.max(1, Math.floor(PIECE_BYTES / Math.max(1, rowBytes)));
  for (let start = 0; start < rowCount; start += atOnce) {
    yield await file.read(name, { start, end: Math.min(start + atOnce, rowCount) });
  }
}

/** The most numbers that a tensor may have that is read as numbers of any type. */
const MAX_NUMBERS = 2 ** 20;

/**
 * Makes sure that a tensor is small enough to be read as numbers of any type.
 *
 * @throws {InputError} If it is not.
 */
export function checkSmall({ path, name, shape }: TensorInfo): void {
  if (elementCount(shape) <= MAX_NUMBERS) return;
  throw new InputError(
    `${path}: tensor ${name} has shape ${
      shapeText(shape)
    }, expected at most ${MAX_NUMBERS} numbers`,
  );
}
