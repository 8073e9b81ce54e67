/**
 * Packs the project with its dependencies into one archive, for a machine without a network.
 *
 *     deno task pack --with_deno
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { type Command, defineCommand, type Option, type Values } from "../lib/cli/command.ts";
import { pathOption, switchOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { InputError, UsageError } from "../lib/base/errors.ts";
import { isFile } from "../lib/files/look.ts";
import { inDirectory } from "./make_directory.ts";
import { denoCache, registryFolder, ROOT, stagePackages } from "./stage_packages.ts";
import { hasNativeRuntime, TARGETS } from "./targets.ts";

/** The folder in the archive, and Deno's cache in it. */
const FOLDER = "coact";
const CACHE = "deno_dir";

/** What the benchmark does not need of the project; the demo's tokenizer and questions it does. */
const NOT_BENCH =
  /^(?:tests|docs|demo\/sae|demo\/sae_traditional)\/|^demo\/lm\/model\.safetensors$/;

/** How xz packs best what is mostly machine code. */
const XZ: Record<"x64" | "arm64", string> = {
  x64: "--x86 --lzma2=preset=9e",
  arm64: "--lzma2=preset=9e",
};

const options = {
  target: targetOption(),
  output: pathOption("FILE", "the archive: .tar.xz, .tar.gz or .tar", "dist/coact.tar.xz"),
  with_deno: switchOption("put this Deno in, too; only for the platform that it is for"),
  bench_only: switchOption(
    "leave out what the benchmark does not need: tests, pictures, the demo's weights",
  ),
};

/** The command `pack`. */
export const pack: Command = defineCommand({
  name: "pack",
  summary: "Pack the project with its dependencies, for a machine without a network.",
  about:
    "The archive holds the files that git knows, as they are now, and a cache of Deno's with " +
    "the packages that they run on; none of a package's files for other platforms. It wants git " +
    "and tar, and for .tar.xz the program xz.",
  options,
  examples: ["deno task pack --with_deno", "deno task pack --target aarch64-unknown-linux-gnu"],
  run,
});

function targetOption(): Option<string> {
  const names = Object.keys(TARGETS);
  const schema = z.string().refine((name) => names.includes(name), {
    error: `expected one of ${names.join(", ")}`,
  });
  const about = "the platform of the machine";
  return { placeholder: "NAME", values: names, about, default: Deno.build.target, schema };
}

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { target, with_deno } = values;
  if (with_deno && target !== Deno.build.target) {
    throw new UsageError(
      `--with_deno: this Deno is for ${Deno.build.target}; fetch one for ${target} there`,
    );
  }
  if (!/\.tar(\.[gx]z)?$/.test(values.output)) {
    throw new UsageError("--output: expected a name that ends in .tar.xz, .tar.gz or .tar");
  }
  const output = resolve(values.output);
  terminal.note("copying the project and its packages");
  await inDirectory(dirname(output), async () => {
    const staging = await Deno.makeTempDir({ dir: dirname(output), prefix: ".pack-" });
    try {
      const folder = join(staging, FOLDER);
      await copyProject(folder, values.bench_only);
      await copyPackages(join(folder, CACHE), target, values.bench_only);
      if (with_deno) await Deno.copyFile(Deno.execPath(), join(folder, basename(Deno.execPath())));
      terminal.note(`packing; ${output.endsWith(".xz") ? "xz takes minutes" : "a moment"}`);
      await archive(staging, output, TARGETS[target]!.cpu);
    } finally {
      await Deno.remove(staging, { recursive: true });
    }
  });
  const megabytes = ((await Deno.stat(output)).size / 1e6).toFixed(1);
  const deno = with_deno ? "./deno" : "deno";
  terminal.print(`wrote ${values.output} (${megabytes} MB); on the other machine, for example:`);
  terminal.print(`  tar xf ${basename(output)} && cd ${FOLDER}`);
  const task = values.bench_only ? "bench --device gpu" : "demo";
  terminal.print(`  DENO_DIR=$PWD/${CACHE} ${deno} task ${task}`);
}

/** Copies the files that git knows, as they are now. */
async function copyProject(folder: string, benchOnly: boolean): Promise<void> {
  const listed = await output("git", ["ls-files", "-z", "--cached"]);
  for (const path of listed.split("\0").filter((path) => path !== "")) {
    if (benchOnly && NOT_BENCH.test(path)) continue;
    const copy = join(folder, path);
    await Deno.mkdir(dirname(copy), { recursive: true });
    await Deno.copyFile(join(ROOT, path), copy).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // removed, and git not told yet
    });
  }
}

/** Puts the packages into a cache, as for a binary with everything in it, or with what the benchmark needs. */
async function copyPackages(cache: string, name: string, benchOnly: boolean): Promise<void> {
  const target = TARGETS[name]!;
  await Deno.mkdir(cache, { recursive: true });
  const withNative = hasNativeRuntime(target);
  await stagePackages(cache, { target, withNative, withDemo: true, withOtherFonts: !benchOnly });
  await Deno.remove(join(cache, "dl")); // a link to what Deno has downloaded here
  await copyVersionLists(cache);
  await copyLinked(cache);
}

/**
 * Makes copies of hard links: tar fails where a file changes while it is read, and the number of
 * links to a file is part of it, which another program that uses the same cache may change.
 */
async function copyLinked(directory: string): Promise<void> {
  for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(directory))) {
    const path = join(directory, name);
    if (isDirectory) await copyLinked(path);
    else {
      await Deno.copyFile(path, `${path}.copy`);
      await Deno.rename(`${path}.copy`, path);
    }
  }
}

/** Copies what the registry says of each package: where it is not there, Deno would ask for it. */
async function copyVersionLists(cache: string): Promise<void> {
  const { npmCache } = await denoCache();
  const registry = await registryFolder();
  const folder = join(cache, "npm", registry);
  for (const name of await packageNames(folder)) {
    if (name.startsWith("@types")) continue; // nothing of them is run
    const list = join(name, "registry.json");
    const known = join(npmCache, registry, list);
    if (await isFile(known)) await Deno.copyFile(known, join(folder, list));
  }
}

/** The names of the packages in a folder; those of a scope lie in a folder of their own. */
async function packageNames(folder: string): Promise<string[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith("@")) names.push(name);
    else for await (const of of Deno.readDir(join(folder, name))) names.push(join(name, of.name));
  }
  return names;
}

/** Makes an archive of the one folder in a directory. What it is packed with, its name says. */
async function archive(directory: string, file: string, cpu: keyof typeof XZ): Promise<void> {
  const part = join(directory, basename(file)); // tar goes by the end of the name
  await output("tar", ["--numeric-owner", "-caf", part, "-C", directory, FOLDER], {
    XZ_OPT: XZ[cpu],
  });
  await Deno.rename(part, file);
}

/** What a program prints. @throws {InputError} If it is not there or fails. */
async function output(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], cwd: ROOT, env });
  const { success, stdout, stderr } = await command.output().catch(() => {
    throw new InputError(`${program} cannot be started; pack wants git and tar`);
  });
  const decoder = new TextDecoder();
  if (!success) throw new InputError(`${program} failed: ${decoder.decode(stderr).trim()}`);
  return decoder.decode(stdout);
}

if (import.meta.main) await runCommand(pack);
