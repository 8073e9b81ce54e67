/**
 * Transposes a matrix on a GPU, as the kernel that encodes wants its matrices.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import type { Kernel } from "../../compute/kernel.ts";
import { UniformStruct } from "../../compute/uniform_struct.ts";
import { writeInPieces } from "../../compute/write_in_pieces.ts";
import { type FeatureRange, type FeatureRows, freeNumbers, withRows } from "../feature_rows.ts";
import { rangesOf } from "../feature_ranges.ts";
import shader from "../../wgsl/transpose.wgsl" with { type: "text" };

/** The side of the shader's workgroup, of which both sides of the result are multiples. */
export const TRANSPOSE_BLOCK = 16;

/** The shader's parameters. */
const SHAPE = new UniformStruct("Shape", {
  rows: "u32",
  columns: "u32",
  padded_rows: "u32",
  first_row: "u32",
});

/** A matrix's sizes, and what they are padded to. */
export interface TransposeShape {
  /** Rows. */
  readonly rows: number;
  /** Columns. */
  readonly columns: number;
  /** Columns of the result. */
  readonly paddedRows: number;
  /** Rows of the result. */
  readonly paddedColumns: number;
}

/** Compiles the shader, once a device. */
export function prepareTranspose(gpu: Gpu): Promise<Kernel> {
  return gpu.prepare("transpose", `${SHAPE.declaration}\n\n${shader}`);
}

/**
 * Uploads a matrix `[rows, columns]`, rows first, piece by piece, and transposes it there.
 *
 * @param kernel What {@linkcode prepareTranspose} gave.
 * @param pieceBytes How large a piece is: beside the result, a few of them are there at most.
 * @returns `[paddedColumns, paddedRows]`, padded with zeros. It is the caller's.
 */
export function transposed(
  gpu: Gpu,
  kernel: Kernel,
  label: string,
  matrix: Float32Array<ArrayBuffer>,
  shape: TransposeShape,
  pieceBytes: number,
): GPUBuffer {
  const { columns } = shape;
  const result = emptyResult(gpu, label, shape);
  try {
    for (const { first, count } of piecesOf(shape, pieceBytes)) {
      const piece = matrix.subarray(first * columns, (first + count) * columns);
      transposePiece(gpu, kernel, { label, piece, first, shape }, result);
    }
  } catch (error) {
    result.destroy();
    throw error;
  }
  return result;
}

/**
 * The same of the rows of neighbouring features, which are read piece by piece where their file has
 * them so that this costs no time: then no chunk of them is in memory beside the result. Those that
 * lie in columns are as the result has them, and are not transposed.
 *
 * @param shape `rows` are those of the range.
 * @throws {InputError} If they are damaged, or one of their numbers is not finite.
 */
export async function transposedRows(
  gpu: Gpu,
  kernel: Kernel,
  { label, rows, range }: { label: string; rows: FeatureRows; range: FeatureRange },
  shape: TransposeShape,
  pieceBytes: number,
): Promise<GPUBuffer> {
  if (!rows.isEvenlyRead && !rows.readColumns) {
    return await withRows(
      rows,
      range,
      (all) => transposed(gpu, kernel, label, all, shape, pieceBytes),
    );
  }
  const result = emptyResult(gpu, label, shape);
  try {
    if (rows.readColumns) {
      for (
        const depth of rangesOf({ featureCount: shape.columns, width: range.count }, pieceBytes)
      ) {
        const columns = await rows.readColumns(range, depth);
        writeColumns(gpu, columns, { ...depth, shape }, result);
        freeNumbers(columns);
      }
      return result;
    }
    for (const { first, count } of piecesOf(shape, pieceBytes)) {
      await withRows(rows, { first: range.first + first, count }, (piece) => {
        transposePiece(gpu, kernel, { label, piece, first, shape }, result);
      });
    }
  } catch (error) {
    result.destroy();
    throw error;
  }
  return result;
}

function emptyResult(gpu: Gpu, label: string, shape: TransposeShape): GPUBuffer {
  return gpu.storage(label, shape.paddedRows * shape.paddedColumns * 4);
}

/** Rows that are uploaded together: whole blocks of them. */
function* piecesOf(
  { rows, columns }: TransposeShape,
  pieceBytes: number,
): Generator<FeatureRange> {
  const blocks = Math.max(1, Math.floor(pieceBytes / (4 * columns * TRANSPOSE_BLOCK)));
  const most = blocks * TRANSPOSE_BLOCK;
  for (let first = 0; first < rows; first += most) {
    yield { first, count: Math.min(most, rows - first) };
  }
}

/** Writes some of the result's rows; what a row is padded with is 0 in a new buffer. */
function writeColumns(
  { device }: Gpu,
  columns: Float32Array<ArrayBuffer>,
  { first, count, shape: { rows, paddedRows } }: FeatureRange & { shape: TransposeShape },
  result: GPUBuffer,
): void {
  let padded = columns;
  if (rows < paddedRows) {
    padded = new Float32Array(count * paddedRows);
    for (let i = 0; i < count; i++) {
      padded.set(columns.subarray(i * rows, (i + 1) * rows), i * paddedRows);
    }
  }
  const bytes = new Uint8Array(padded.buffer, padded.byteOffset, padded.byteLength);
  writeInPieces(device, result, bytes, 4 * first * paddedRows);
}

function transposePiece(
  gpu: Gpu,
  kernel: Kernel,
  { label, piece, first, shape: { rows: all, columns, paddedRows, paddedColumns } }: {
    label: string;
    piece: Float32Array<ArrayBuffer>;
    first: number;
    shape: TransposeShape;
  },
  result: GPUBuffer,
): void {
  const end = first + piece.length / columns;
  // The last piece is padded to the end.
  const padded = (end === all ? paddedRows : end) - first;
  using scope = new DisposableStack(); // the queue keeps what is destroyed until the shader has run
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const source = own(gpu.uploaded(`${label}, as stored`, piece));
  const rows = piece.length / columns;
  const packed = SHAPE.pack({ rows, columns, padded_rows: paddedRows, first_row: first });
  const grid = [paddedColumns / TRANSPOSE_BLOCK, padded / TRANSPOSE_BLOCK] as const;
  gpu.dispatch(kernel, [own(gpu.uniform("shape", packed)), source, result], grid);
}
