/**
 * A problem for the kernel to be timed on: its buffers, filled with numbers of no meaning.
 *
 * @module
 */
import type { Gpu } from "../compute/gpu.ts";
import { type EncodeTile, TILE_QUESTIONS, tileFeatures } from "./encode_kernel.ts";

/** How large a problem is. */
export interface KernelSizes {
  /** Questions. */
  readonly questions: number;
  /** Features. */
  readonly features: number;
  /** The width of a hidden state. */
  readonly width: number;
}

/** Large enough to fill a GPU of a hundred cores several times over: 13 GFLOP. */
export const TRIAL_SIZES: KernelSizes = { questions: 2048, features: 4096, width: 768 };

/** The buffers of a problem, in the order of the shader's bindings. Whoever makes it closes it. */
export interface KernelProblem extends Disposable {
  /** The buffers. */
  readonly buffers: readonly GPUBuffer[];
  /** The workgroups. */
  readonly grid: readonly [number, number];
}

/** Makes the buffers. */
export function createProblem(
  gpu: Gpu,
  tile: EncodeTile,
  { questions, features, width }: KernelSizes,
): KernelProblem {
  const tiles = Math.ceil(questions / TILE_QUESTIONS);
  const columns = Math.ceil(features / tileFeatures(tile));
  const paddedFeatures = columns * tileFeatures(tile);
  const depth = Math.ceil(width / 32) * 32;
  const problem = Uint32Array.of(
    ...[depth, tiles * TILE_QUESTIONS / 4, paddedFeatures / 4, features, features, 0, 0],
  );
  const outputBytes = tiles * paddedFeatures * 4;
  const buffers = [
    gpu.uniform("problem", problem.buffer),
    gpu.uploaded("hidden states", numbers(tiles * TILE_QUESTIONS * depth)),
    gpu.uploaded("encoder", numbers(paddedFeatures * depth)),
    gpu.storage("bias", paddedFeatures * 4),
    gpu.uploaded("tiles", new Uint32Array(tiles).fill(TILE_QUESTIONS)),
    gpu.storage("sums", outputBytes),
    gpu.storage("maxima", outputBytes),
    gpu.storage("counts", outputBytes),
    gpu.storage("slots", 4),
  ];
  return {
    buffers,
    grid: [columns, tiles],
    [Symbol.dispose]: () => buffers.forEach((buffer) => buffer.destroy()),
  };
}

/** Numbers around 0, no two neighbours alike: on zeros a GPU draws less power and runs faster. */
function numbers(count: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = ((i * 7919) % 1013) / 1013 - 0.5;
  return values;
}
