/**
 * A part of a tensor whose elements lie in a file in any order: which bytes to read of it, and how
 * they become rows.
 *
 * @module
 */
import type { ByteRuns } from "./byte_runs.ts";
import { gather } from "./gather.ts";
import { BYTES_PER_ELEMENT, type DataType, elementCount } from "./stored_tensor.ts";

/** A tensor, or a part of one, among stored elements. */
export interface StridedView {
  /** Where its first element is, in elements. */
  readonly start: number;
  /** Its shape. */
  readonly shape: readonly number[];
  /** The distance between neighbours along each axis, in elements; 0 repeats them. */
  readonly strides: readonly number[];
}

/** How a view is read. */
export interface ViewPlan {
  /** The bytes that it consists of, and few others. */
  readonly runs: ByteRuns;
  /** Makes rows of its elements, which were read one run after the other. */
  readonly arrange: (elements: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>;
}

/** Columns that are turned round at a time, so that both sides stay in the caches. */
const BLOCK = 32;

/** Strides of elements that lie one after the other, rows first. */
export function rowsFirst(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Whether the elements of a view lie one after the other, rows first. */
export function isRowsFirst({ shape, strides }: Omit<StridedView, "start">): boolean {
  const dense = rowsFirst(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === dense[axis]);
}

/** How many elements lie from the first of a view to its last. */
export function spanOf({ shape, strides }: Omit<StridedView, "start">): number {
  if (elementCount(shape) === 0) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 0) + 1;
}

/** Plans the reading of a view: of a matrix only its own rows or columns, of others their span. */
export function planView(view: StridedView, dataType: DataType): ViewPlan {
  const { start, shape, strides } = view;
  const size = BYTES_PER_ELEMENT[dataType];
  const runs = (length: number, step: number, count: number): ByteRuns => {
    return { start: start * size, length: length * size, step: step * size, count };
  };
  const same: ViewPlan["arrange"] = (elements) => elements;
  const all = elementCount(shape);
  if (isRowsFirst(view)) return { runs: runs(all, all, 1), arrange: same };
  const [rows = 0, columns = 0] = shape;
  const [rowStep = 0, columnStep = 0] = strides;
  if (shape.length === 2 && all > 0) {
    if (columnStep === 1 && rowStep >= columns) {
      return { runs: runs(columns, rowStep, rows), arrange: same };
    }
    if (rowStep === 1 && columnStep >= rows) {
      return {
        runs: runs(rows, columnStep, columns),
        arrange: (elements) => turned(elements, rows, columns),
      };
    }
  }
  const span = spanOf(view);
  return {
    runs: runs(span, span, 1),
    arrange: (elements) => gather(elements, shape, strides),
  };
}

/** Columns one after the other become rows. */
function turned(elements: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(elements.length);
  for (let left = 0; left < columns; left += BLOCK) {
    const right = Math.min(columns, left + BLOCK);
    for (let row = 0; row < rows; row++) {
      for (let column = left; column < right; column++) {
        result[row * columns + column] = elements[column * rows + row]!;
      }
    }
  }
  return result;
}
