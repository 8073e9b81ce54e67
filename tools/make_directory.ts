/**
 * Directories for what the tools make.
 *
 * @module
 */
import { dirname } from "node:path";
import { exists } from "../lib/files/look.ts";

/**
 * Does work in a directory, which is made if it is not there. If the work fails, what was made and
 * is empty goes again.
 */
export async function inDirectory<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const made: string[] = [];
  for (let path = directory; !await exists(path); path = dirname(path)) made.push(path);
  await Deno.mkdir(directory, { recursive: true });
  try {
    return await work();
  } catch (error) {
    for (const path of made) await Deno.remove(path).catch(() => {}); // it holds something
    throw error;
  }
}
