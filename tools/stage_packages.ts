/**
 * Puts together a cache of Deno's that holds what a binary needs of npm's packages, and nothing
 * else: `deno compile` embeds packages whole, and can be told of no file in them to leave out.
 *
 * @module
 */
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";
import { exists } from "../lib/files/look.ts";
import { type Contents, isFor, isNeeded, nameInBinary } from "./package_files.ts";

/** An npm package in Deno's cache. */
interface CachedPackage {
  /** Its name. */
  name: string;
  /** Where it lies, or would. */
  localPath: string;
}

/** The directory of the project. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

const cacheSchema = z.object({ denoDir: z.string(), npmCache: z.string() });

const lockSchema = z.object({ npm: z.record(z.string(), z.unknown()) });

const graphSchema = z.object({
  npmPackages: z.record(z.string(), z.object({ name: z.string(), localPath: z.string() })),
});

/** Where Deno keeps its cache, and npm's packages in it. */
export async function denoCache(): Promise<{ denoDir: string; npmCache: string }> {
  return cacheSchema.parse(JSON.parse(await deno(["info", "--json"])));
}

/**
 * Makes a cache with the files of the packages that a binary needs, by hard links where that is
 * possible. Packages of the target that are not in Deno's own cache are downloaded to there first.
 *
 * @param directory An empty directory, which is to be the cache.
 * @throws {InputError} If a package cannot be had.
 */
export async function stagePackages(directory: string, contents: Contents): Promise<void> {
  const { denoDir, npmCache } = await denoCache();
  const packages = (await packagesOf("coact.ts")).filter(({ name }) =>
    isFor(name, contents.target)
  );
  if ((await missing(packages)).length > 0) await download(contents);
  const still = await missing(packages.filter(({ name }) => !contents.target.unfit.includes(name)));
  if (still.length > 0) {
    throw new InputError(`npm's packages ${still.join(", ")} are not in Deno's cache`);
  }
  for (const { name, localPath } of packages) {
    const staged = join(directory, "npm", relative(npmCache, localPath));
    await Deno.mkdir(staged, { recursive: true });
    for (const path of await filesIn(localPath)) {
      const slashed = path.replaceAll(sep, "/");
      if (!isNeeded(name, slashed, contents)) continue;
      await link(join(localPath, path), join(staged, nameInBinary(path)));
    }
  }
  await stubLockedPackages(join(directory, "npm", await registryFolder()));
  await shareDownloads(denoDir, directory);
}

/** The folder in Deno's cache of npm's packages that has the registry's name. */
export async function registryFolder(): Promise<string> {
  const { npmCache } = await denoCache();
  const [{ localPath } = { localPath: "" }] = await packagesOf("coact.ts");
  return relative(npmCache, localPath).split(sep)[0]!;
}

/**
 * Makes a package without any code of each package in deno.lock that is not there: Deno wants to
 * find all of them, though it embeds and loads those alone that are imported.
 *
 * @param directory The one with the packages, each in a directory of its name and version.
 */
export async function stubLockedPackages(directory: string): Promise<void> {
  const lock = lockSchema.parse(JSON.parse(await Deno.readTextFile(join(ROOT, "deno.lock"))));
  for (const id of Object.keys(lock.npm)) {
    const [, name = id, version = ""] = /^(@?[^@]+)@([^_]+)/.exec(id) ?? [];
    const stub = join(directory, name, version);
    if (await exists(stub)) continue;
    await Deno.mkdir(stub, { recursive: true });
    await Deno.writeTextFile(join(stub, "package.json"), JSON.stringify({ name, version }));
  }
}

/** The packages that a module and what it imports need, on any platform. */
async function packagesOf(module: string): Promise<CachedPackage[]> {
  const { npmPackages } = graphSchema.parse(JSON.parse(await deno(["info", "--json", module])));
  return Object.values(npmPackages);
}

async function missing(packages: readonly CachedPackage[]): Promise<string[]> {
  const names = [];
  for (const { name, localPath } of packages) if (!await exists(localPath)) names.push(name);
  return names;
}

async function download({ target: { os, cpu } }: Contents): Promise<void> {
  await deno(["install", "--frozen", `--os=${os}`, `--arch=${cpu}`]);
}

/** The paths of all files in a directory, from there. */
async function filesIn(directory: string, folder = ""): Promise<string[]> {
  const paths: string[] = [];
  if (!await exists(join(directory, folder))) return paths;
  for await (const { name, isDirectory } of Deno.readDir(join(directory, folder))) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await filesIn(directory, path));
    else paths.push(path);
  }
  return paths.sort();
}

async function link(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.link(from, to).catch(() => Deno.copyFile(from, to)); // another file system
}

/** Deno's own downloads, of its runtimes, are to be kept. */
async function shareDownloads(denoDir: string, directory: string): Promise<void> {
  const downloads = join(denoDir, "dl");
  await Deno.mkdir(downloads, { recursive: true });
  await Deno.symlink(downloads, join(directory, "dl"), { type: "junction" });
}

async function deno(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const why = new TextDecoder().decode(stderr).trim();
  throw new InputError(`deno ${args[0]} failed: ${why}`);
}
