/**
 * Chooses the size of tile that is fastest on a device, by trying.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import { timeKernel } from "../../compute/time_kernel.ts";
import { formOf, LINEAR } from "../activation.ts";
import { encodeShader } from "./encode_kernel.ts";
import {
  createProblem,
  type KernelSizes,
  longestMatrix,
  TRIAL_SIZES,
  trialNumbers,
} from "./kernel_problem.ts";
import { DEFAULT_TILE, type EncodeTile, tileBytes, TILES } from "./tile_product.ts";

/** How often each tile is timed; the fastest run counts. */
const RUNS = 3;

/** What was chosen, by the name of the device: one that is opened again is not tried again. */
const chosen = new Map<string, Promise<EncodeTile>>();

/**
 * The fastest tile on a device, tried once a process: a few milliseconds a tile on a large GPU, and
 * the compiler's time. A program on the CPU gets the default, and so does a device that cannot time.
 * The choice is not kept on disk, for no task may write outside of its output directory.
 */
export function chooseTile(gpu: Gpu): Promise<EncodeTile> {
  if (gpu.isSoftware || !gpu.hasTimestamps) return Promise.resolve(DEFAULT_TILE);
  const tile = chosen.get(gpu.name) ?? fastestTile(gpu);
  chosen.set(gpu.name, tile);
  tile.catch(() => chosen.delete(gpu.name)); // what failed may go well another time
  return tile;
}

/**
 * Times every tile that the device allows.
 *
 * @param sizes The problem to time them on. Default: one of middling size.
 * @returns The fastest.
 */
export async function fastestTile(
  gpu: Gpu,
  sizes: KernelSizes = TRIAL_SIZES,
): Promise<EncodeTile> {
  let best = { tile: DEFAULT_TILE, seconds: Infinity };
  const numbers = trialNumbers(longestMatrix(sizes)); // once for all tiles
  for (const tile of tilesThatFit(gpu)) {
    const seconds = Math.min(...await timeTile(gpu, tile, sizes, RUNS, numbers));
    // A clock that stands still tells nothing.
    if (seconds > 0 && seconds < best.seconds) best = { tile, seconds };
  }
  return best.tile;
}

/** The tiles that the device's limits allow. */
export function tilesThatFit({ device: { limits } }: Gpu): EncodeTile[] {
  return TILES.filter((tile) =>
    tileBytes(tile) <= limits.maxComputeWorkgroupStorageSize &&
    16 * tile.columns <= limits.maxComputeInvocationsPerWorkgroup
  );
}

/**
 * Times the kernel with a tile, reductions included.
 *
 * @param gpu The device.
 * @param tile The size of tile.
 * @param sizes How large the problem is.
 * @param runs How often it is timed.
 * @param numbers What matrices are filled with. Default: made here.
 * @returns Seconds of each run, the first of which warms up and is left out.
 */
export async function timeTile(
  gpu: Gpu,
  tile: EncodeTile,
  sizes: KernelSizes,
  runs: number,
  numbers?: Float32Array<ArrayBuffer>,
): Promise<number[]> {
  const kernel = await gpu.prepare("encode_reduce", encodeShader(tile, formOf(LINEAR)));
  using problem = createProblem(gpu, tile, sizes, numbers);
  const { buffers, grid } = problem;
  return (await timeKernel(gpu, { kernel, buffers, grid, runs: runs + 1 })).slice(1);
}
