/**
 * A problem for the kernel to be timed on: its buffers, filled with numbers of no meaning.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import { paddedWidth, roundUp } from "./encode_chunks.ts";
import { PROBLEM } from "./encode_kernel.ts";
import { reductionsOf } from "./reductions.ts";
import { type EncodeTile, TILE_QUESTIONS, tileFeatures, TILES } from "./tile_product.ts";

/** How large a problem is. */
export interface KernelSizes {
  /** Questions. */
  readonly questions: number;
  /** Features. */
  readonly features: number;
  /** The width of a hidden state. */
  readonly width: number;
}

/** The features of the widest tile. */
const MOST_FEATURES = Math.max(...TILES.map(tileFeatures));

/** Large enough to fill a GPU of a hundred cores several times over: 13 GFLOP. */
export const TRIAL_SIZES: KernelSizes = { questions: 2048, features: 4096, width: 768 };

/** The buffers of a problem, in the order of the shader's bindings. Whoever makes it closes it. */
export interface KernelProblem extends Disposable {
  /** The buffers. */
  readonly buffers: readonly GPUBuffer[];
  /** The workgroups. */
  readonly grid: readonly [number, number];
}

/**
 * Makes the buffers. If one cannot be made, none is left.
 *
 * @param gpu The device.
 * @param tile The size of tile, which rows are padded to.
 * @param sizes How large the problem is.
 * @param numbers What matrices are filled with, if it is long enough. Default: made here; whoever
 * makes several problems makes it once, by {@linkcode trialNumbers}.
 */
export function createProblem(
  gpu: Gpu,
  tile: EncodeTile,
  { questions, features, width }: KernelSizes,
  numbers: Float32Array<ArrayBuffer> = new Float32Array(),
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
    kept_question_stride: 0,
    kept_feature_stride: 0,
    activation_threshold: 0,
    activation_floor: 0,
    count_above: 0,
  });
  const [hiddenLength, encoderLength] = [tiles * TILE_QUESTIONS * depth, paddedFeatures * depth];
  const length = Math.max(hiddenLength, encoderLength);
  const source = numbers.length < length ? trialNumbers(length) : numbers;
  using scope = new DisposableStack();
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const buffers = [
    own(gpu.uniform("problem", problem)),
    own(gpu.uploaded("hidden states", source.subarray(0, hiddenLength))),
    own(gpu.uploaded("encoder", source.subarray(0, encoderLength))),
    own(gpu.storage("parameters", paddedFeatures * 4)),
    own(gpu.uploaded("tiles", new Uint32Array(tiles).fill(TILE_QUESTIONS))),
    own(gpu.storage("reductions", reductionsOf().length * tiles * paddedFeatures * 4)),
    own(gpu.storage("kept", 4)),
  ];
  const owned = scope.move(); // all are there: they are the caller's now
  return { buffers, grid: [columns, tiles], [Symbol.dispose]: () => owned.dispose() };
}

/** How many numbers the longer of a problem's matrices has, whatever the tile. */
export function longestMatrix({ questions, features, width }: KernelSizes): number {
  const rows = Math.max(roundUp(questions, TILE_QUESTIONS), roundUp(features, MOST_FEATURES));
  return rows * paddedWidth(width);
}

/** After how many numbers they repeat: a prime, so that no row of a matrix is like its neighbour. */
const PERIOD = 1013;

/**
 * Numbers around 0, no two neighbours alike: on zeros a GPU draws less power and runs faster. Only
 * the first period is computed, and the rest copied, ever twice as much: 33 million numbers for all
 * tiles took half a second one by one, beside an H200.
 */
export function trialNumbers(count: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  let known = Math.min(PERIOD, count);
  for (let i = 0; i < known; i++) values[i] = ((i * 7919) % PERIOD) / PERIOD - 0.5;
  for (; known < count; known *= 2) values.copyWithin(known, 0, Math.min(known, count - known));
  return values;
}
