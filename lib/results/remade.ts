/**
 * What is said of a layer's file that cannot be used: the analysis that makes it again.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import type { LayerName } from "./layer_name.ts";

/** What is wrong with a layer's file, and what makes it. */
export function remade(problem: string, directory: string, layer: LayerName): InputError {
  return new InputError(problem, {
    advice: { kind: "analyze", outputDirectory: directory, layers: [layer] },
  });
}

/**
 * Reads files of a layer.
 *
 * @returns What `read` gives.
 * @throws {InputError} As `read` does, with what makes the files again if nothing else is advised.
 */
export async function readOrRemade<T>(
  directory: string,
  layer: LayerName,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError) || error.advice !== undefined) throw error;
    throw remade(messageOf(error), directory, layer);
  }
}
