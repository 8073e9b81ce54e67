/**
 * `deno compile` behind a stand-in for Deno's runtime, which is not to be had everywhere: all is
 * made as for a real one. The files that are then in the binary are put into empty directories, and
 * run from there by Deno itself, to see that nothing else is needed.
 */
import { dirname, join } from "node:path";
import type { CompiledBinary } from "../../tools/compiled_binary.ts";
import { compile } from "../../tools/compile.ts";
import { PACKAGES_FOLDER } from "../../tools/package_files.ts";
import { registryFolder, ROOT, stubLockedPackages } from "../../tools/stage_packages.ts";
import { type Outcome, run } from "./run.ts";

/** Any executable of the platform's format will do; a small one is written faster. */
export const STAND_IN: string = Deno.build.os === "linux" ? "/bin/true" : Deno.execPath();

/** Runs `compile` with a stand-in for Deno's runtime. */
export async function compileWith(denort: string, args: readonly string[]): Promise<Outcome> {
  const before = Deno.env.get("DENORT_BIN");
  Deno.env.set("DENORT_BIN", denort);
  try {
    return await run(compile, args);
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
    else Deno.env.set("DENORT_BIN", before);
  }
}

/**
 * Puts the files of a binary where Deno looks for them: those of packages into a cache of Deno's,
 * the others into a folder. The versions of the packages are in the binary, in a form of its own;
 * Deno takes them from deno.lock.
 */
export async function unpack({ files }: CompiledBinary, directory: string): Promise<void> {
  const cache = `${directory}/cache/npm/${await registryFolder()}/`;
  for (const { path, bytes } of files) {
    const place = path.startsWith(PACKAGES_FOLDER)
      ? cache + path.slice(PACKAGES_FOLDER.length)
      : `${directory}/program/${path}`;
    await Deno.mkdir(dirname(place), { recursive: true });
    await Deno.writeFile(place, bytes);
  }
  await Deno.copyFile(join(ROOT, "deno.lock"), `${directory}/program/deno.lock`);
  await stubLockedPackages(cache);
}
