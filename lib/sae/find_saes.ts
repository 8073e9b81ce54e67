/**
 * Finds the SAEs in a directory: itself, if it is one, or whatever lies in it, however deep, as
 * Gemma Scope's `layer_12/width_16k/average_l0_82` or SAELens' `blocks.8.hook_resid_pre`. They are
 * recognised by what is in them.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { lookAt, unreadable } from "../files/look.ts";
import type { SaeOptions } from "./formats/format.ts";
import { isSae } from "./open_sae.ts";

/** How deep folders may lie in each other, and how many are looked into. */
const DEEPEST = 8;
const MOST_FOLDERS = 10_000;
/** Files that may be an SAE by themselves, of formats that put several into one folder. */
const WEIGHT_FILE = /\.(?:pt|pth|npz|safetensors)$/;
/** `layer_9` comes before `layer_10`. */
const BY_NUMBERS = new Intl.Collator("en", { numeric: true });

/** What was found. */
export interface FoundSaes {
  /** The paths of the SAEs, those of lower numbers first. */
  readonly paths: readonly string[];
  /** What seems to be one and cannot be read, and why. */
  readonly damaged: readonly { readonly path: string; readonly error: InputError }[];
}

/**
 * Finds the SAEs in a directory. What lies within the folder of one is its own and is not looked at.
 *
 * @param choice The format that is meant. Default: any.
 * @throws {InputError} If the directory cannot be listed, or there are too many folders in it.
 */
export async function findSaes(
  directory: string,
  choice: Pick<SaeOptions, "format"> = {},
): Promise<FoundSaes> {
  const paths: string[] = [];
  const damaged: { path: string; error: InputError }[] = [];
  let folders = 0;

  const take = async (path: string): Promise<boolean> => {
    try {
      if (!await isSae(path, choice)) return false;
      paths.push(path);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      damaged.push({ path, error });
    }
    return true;
  };
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (++folders > MOST_FOLDERS) {
      throw new InputError(
        `${directory} has more than ${MOST_FOLDERS} folders in it; name one of them that holds SAEs`,
      );
    }
    if (await take(folder) || depth === DEEPEST) return;
    for (const name of await visibleNames(folder)) {
      const path = folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
      const there = await lookAt(path).catch(() => undefined); // a pipe, or a link to nowhere
      if (there === "directory") await walk(path, depth + 1);
      else if (WEIGHT_FILE.test(name)) await take(path);
    }
  };
  await walk(directory, 0);
  return { paths, damaged };
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
