/**
 * What files were made of: the hashes of all inputs, by path.
 *
 * @module
 */
import type { SteadyFile } from "../files/steady_file.ts";

/** The SHA-256 of each file, in hexadecimal. */
export async function hashesOf(files: readonly SteadyFile[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file.path] = await file.sha256();
  return hashes;
}
