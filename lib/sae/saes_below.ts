/**
 * Finds SAEs in the folders below one, for a user who named a collection of them.
 *
 * @module
 */
import { join } from "node:path";
import { InputError } from "../base/errors.ts";

/** How deep is looked: `gemma-scope-2b-pt-res/layer_12/width_16k/average_l0_82` are three. */
const DEEPEST = 4;
/** How many names are looked at, in all folders together. */
const MOST_NAMES = 5000;
/** How many SAEs are found at most. */
const MOST_FOUND = 1000;
/** Files that may be an SAE by themselves. */
const WEIGHTS = /\.(pt|pth|bin|safetensors|npz)$/;

/**
 * The SAEs in the folders below one, in the order of the numbers in their names. A folder that is one
 * is not looked into.
 *
 * @param isSae Whether a path is an SAE.
 */
export async function saesBelow(
  directory: string,
  isSae: (path: string) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = [];
  let names = 0;
  const fits = async (path: string) => {
    try {
      return await isSae(path);
    } catch (error) {
      if (error instanceof InputError) return false; // what cannot be read is none to be named
      throw error;
    }
  };
  const look = async (path: string, depth: number) => {
    for (const { name, isFolder } of await contentOf(path)) {
      if (++names > MOST_NAMES || found.length >= MOST_FOUND) return;
      const inner = join(path, name);
      if (isFolder ? await fits(inner) : WEIGHTS.test(name) && await fits(inner)) found.push(inner);
      else if (isFolder && depth < DEEPEST) await look(inner, depth + 1);
    }
  };
  await look(directory, 1);
  return found;
}

/** What is in a folder, links followed; nothing if that cannot be told. */
async function contentOf(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  const content: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const { name } of Deno.readDir(path)) {
      if (name.startsWith(".") || content.length > MOST_NAMES) continue;
      const { isDirectory, isFile } = await Deno.stat(join(path, name));
      if (isDirectory || isFile) content.push({ name, isFolder: isDirectory });
    }
  } catch {
    return content; // it is only a help
  }
  const { compare } = new Intl.Collator("en", { numeric: true });
  return content.sort((a, b) => compare(a.name, b.name));
}
