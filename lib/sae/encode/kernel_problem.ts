/**
 * A problem for the kernel to be timed on: its buffers, filled with numbers of no meaning.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import { paddedWidth } from "./encode_chunks.ts";
import { PROBLEM } from "./encode_kernel.ts";
import { type EncodeTile, TILE_QUESTIONS, tileFeatures } from "./tile_product.ts";

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

/** Makes the buffers. If one cannot be made, none is left. */
export function createProblem(
  gpu: Gpu,
  tile: EncodeTile,
  { questions, features, width }: KernelSizes,
): KernelProblem {
  const tiles = Math.ceil(questions / TILE_QUESTIONS);
  const columns = Math.ceil(features / tileFeatures(tile));
  const paddedFeatures = columns * tileFeatures(tile);
  const depth = paddedWidth(width);
  const problem = PROBLEM.pack({
    depth,
    question_stride: tiles * TILE_QUESTIONS / 4,
    feature_stride: paddedFeatures / 4,
    first_feature: 0,
    first_kept: features,
    end_kept: features,
    activation_threshold: 0,
    activation_floor: 0,
    count_above: 0,
  });
  const outputBytes = tiles * paddedFeatures * 4;
  using scope = new DisposableStack();
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const buffers = [
    own(gpu.uniform("problem", problem)),
    own(gpu.uploaded("hidden states", numbers(tiles * TILE_QUESTIONS * depth))),
    own(gpu.uploaded("encoder", numbers(paddedFeatures * depth))),
    own(gpu.storage("parameters", paddedFeatures * 4)),
    own(gpu.uploaded("tiles", new Uint32Array(tiles).fill(TILE_QUESTIONS))),
    own(gpu.storage("sums", outputBytes)),
    own(gpu.storage("maxima", outputBytes)),
    own(gpu.storage("counts", outputBytes)),
    own(gpu.storage("kept", 4)),
  ];
  const owned = scope.move(); // all are there: they are the caller's now
  return { buffers, grid: [columns, tiles], [Symbol.dispose]: () => owned.dispose() };
}

/** Numbers around 0, no two neighbours alike: on zeros a GPU draws less power and runs faster. */
function numbers(count: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = ((i * 7919) % 1013) / 1013 - 0.5;
  return values;
}
