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
const SHAPE = new UniformStruct("Shape", { rows: "u32", columns: "u32", padded_rows: "u32" });

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
 * Uploads a matrix `[rows, columns]`, rows first, and transposes it there.
 *
 * @param kernel What {@linkcode prepareTranspose} gave.
 * @returns `[paddedColumns, paddedRows]`, padded with zeros. It is the caller's.
 */
export function transposed(
  gpu: Gpu,
  kernel: Kernel,
  label: string,
  matrix: Float32Array<ArrayBuffer>,
  { rows, columns, paddedRows, paddedColumns }: TransposeShape,
): GPUBuffer {
  using scope = new DisposableStack(); // the queue keeps what is destroyed until the shader has run
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const source = own(gpu.uploaded(`${label}, as stored`, matrix));
  const shape = own(gpu.uniform("shape", SHAPE.pack({ rows, columns, padded_rows: paddedRows })));
  const result = gpu.storage(label, paddedRows * paddedColumns * 4);
  try {
    const grid = [paddedColumns / TRANSPOSE_BLOCK, paddedRows / TRANSPOSE_BLOCK] as const;
    gpu.dispatch(kernel, [shape, source, result], grid);
  } catch (error) {
    result.destroy();
    throw error;
  }
  return result;
}
