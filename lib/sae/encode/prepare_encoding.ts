/**
 * Makes a GPU ready to encode, while whoever is to encode waits for something else.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import { formOf, RELU } from "../activation.ts";
import { chooseTile } from "./choose_tile.ts";
import { encodeShader } from "./encode_kernel.ts";
import { reductionsOf } from "./reductions.ts";
import { prepareTranspose } from "./transpose.ts";

/**
 * Begins to choose the tile and to compile what most SAEs need. It never fails: whoever encodes is told
 * what is wrong with the GPU.
 *
 * @returns What is kept once all is ready, or has failed.
 */
export async function prepareEncoding(gpu: Gpu): Promise<void> {
  try {
    const tile = await chooseTile(gpu);
    await prepareTranspose(gpu);
    await gpu.prepare("encode_reduce", encodeShader(tile, formOf(RELU), reductionsOf()));
  } catch {
    // it is tried again
  }
}
