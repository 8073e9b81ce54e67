/**
 * Finds the SAEs in a directory: itself, if it is one, or whatever lies in it, however deep, as
 * Gemma Scope's `layer_12/width_16k/average_l0_82` or SAELens' `blocks.8.hook_resid_pre`. They are
 * recognised by what is in them.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { lookAt, unreadable } from "../files/look.ts";
import { holdsWeights } from "./formats/sae_files.ts";

/** How deep folders may lie in each other, and how many are looked into. */
const DEEPEST = 8;
const MOST_FOLDERS = 10_000;
/** `layer_9` comes before `layer_10`. */
const BY_NUMBERS = new Intl.Collator("en", { numeric: true });

/** What was found. */
export interface FoundSaes {
  /** The paths of the SAEs, those of lower numbers first. */
  readonly paths: readonly string[];
  /** What seems to be one or to hold some and cannot be read, and why. */
  readonly damaged: readonly { readonly path: string; readonly error: InputError }[];
  /** Whether there were more folders than are looked into. */
  readonly isCutShort: boolean;
}

/**
 * Finds the SAEs in a directory. What lies within the folder of one is its own and is not looked at.
 *
 * @param isSae Whether a path is one; it may throw an `InputError` of one that is damaged.
 * @param mostFolders How many folders are looked into. Default: 10,000.
 */
export async function findSaes(
  directory: string,
  isSae: (path: string) => Promise<boolean>,
  mostFolders: number = MOST_FOLDERS,
): Promise<FoundSaes> {
  const paths: string[] = [];
  const damaged: { path: string; error: InputError }[] = [];
  let folders = 0;

  const noting = async <T>(path: string, look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      damaged.push({ path, error });
    }
  };
  /** Whether nothing more is to be looked for there. */
  const take = async (path: string): Promise<boolean> => {
    const isOne = await noting(path, () => isSae(path));
    if (isOne) paths.push(path);
    return isOne !== false;
  };
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (++folders > mostFolders) return;
    if (await take(folder) || depth === DEEPEST) return;
    for (const name of await noting(folder, () => visibleNames(folder)) ?? []) {
      const path = folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
      const there = await lookAt(path).catch(() => undefined); // a pipe, or a link to nowhere
      if (there === "directory") await walk(path, depth + 1);
      else if (holdsWeights(name)) await take(path);
    }
  };
  await walk(directory, 0);
  return { paths, damaged, isCutShort: folders > mostFolders };
}

/** The names in a folder, in order; hidden ones are not meant. */
async function visibleNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (!name.startsWith(".")) names.push(name);
  } catch (error) {
    throw unreadable(folder, error);
  }
  return names.sort(BY_NUMBERS.compare);
}
