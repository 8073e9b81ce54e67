/**
 * Transposes a matrix on a GPU, as the kernel that encodes wants its matrices.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import type { Kernel } from "../../compute/kernel.ts";
import { UniformStruct } from "../../compute/uniform_struct.ts";
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
/** How much of a matrix is uploaded at a time, in bytes: beside the result no more is there of it. */
const PIECE_BYTES = 8 * 2 ** 20;

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
 * @param pieceBytes How large a piece is. Default: 8 MiB.
 * @returns `[paddedColumns, paddedRows]`, padded with zeros. It is the caller's.
 */
export function transposed(
  gpu: Gpu,
  kernel: Kernel,
  label: string,
  matrix: Float32Array<ArrayBuffer>,
  shape: TransposeShape,
  pieceBytes: number = PIECE_BYTES,
): GPUBuffer {
  const { rows, columns, paddedRows, paddedColumns } = shape;
  const result = gpu.storage(label, paddedRows * paddedColumns * 4);
  const blocks = Math.max(1, Math.floor(pieceBytes / (4 * columns * TRANSPOSE_BLOCK)));
  const most = blocks * TRANSPOSE_BLOCK;
  try {
    for (let first = 0; first < rows; first += most) {
      const end = Math.min(rows, first + most);
      // The last piece is padded to the end.
      const padded = (end === rows ? paddedRows : end) - first;
      const piece = matrix.subarray(first * columns, end * columns);
      transposePiece(gpu, kernel, { label, piece, first, padded, shape }, result);
    }
  } catch (error) {
    result.destroy();
    throw error;
  }
  return result;
}

function transposePiece(
  gpu: Gpu,
  kernel: Kernel,
  { label, piece, first, padded, shape: { columns, paddedRows, paddedColumns } }: {
    label: string;
    piece: Float32Array<ArrayBuffer>;
    first: number;
    padded: number;
    shape: TransposeShape;
  },
  result: GPUBuffer,
): void {
  using scope = new DisposableStack(); // the queue keeps what is destroyed until the shader has run
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const source = own(gpu.uploaded(`${label}, as stored`, piece));
  const rows = piece.length / columns;
  const packed = SHAPE.pack({ rows, columns, padded_rows: paddedRows, first_row: first });
  const grid = [paddedColumns / TRANSPOSE_BLOCK, padded / TRANSPOSE_BLOCK] as const;
  gpu.dispatch(kernel, [own(gpu.uniform("shape", packed)), source, result], grid);
}
