/**
 * Makes `coact` one file that needs no Deno: `dist/coact`.
 *
 *     deno task compile
 *     deno task compile --target aarch64-apple-darwin,x86_64-pc-windows-msvc
 *
 * @module
 */
import { resolve } from "node:path";
import { z } from "zod";
import config from "../deno.json" with { type: "json" };
import { type Command, defineCommand, type Option, type Values } from "../lib/cli/command.ts";
import { pathOption, switchOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { InputError, UsageError } from "../lib/base/errors.ts";
import { isFile } from "../lib/files/look.ts";
import { readCompiledBinary } from "./compiled_binary.ts";
import { findTraces } from "./traces.ts";
import {
  type Contents,
  contentsRefusal,
  DEMO_FOLDERS,
  findContentProblems,
} from "./package_files.ts";
import { inDirectory } from "./make_directory.ts";
import { permissionFlags } from "./permissions.ts";
import { partsOf, sizeLines, sizeProblem } from "./size_table.ts";
import { denoCache, ROOT, stagePackages } from "./stage_packages.ts";
import { TARGETS } from "./targets.ts";

const options = {
  target: targetsOption(),
  output_dir: pathOption("DIR", "the directory for the binaries", "dist"),
  with_native: switchOption(
    "build onnxruntime-node in, which --device cpu needs; the binary unpacks it among the " +
      "temporary files when it is to compute there",
  ),
  without_demo: switchOption("leave the demo's model, SAEs and questions out"),
};

/** The command `compile`. */
export const compile: Command = defineCommand({
  name: "compile",
  summary: "Make coact one file that needs no Deno: dist/coact.",
  about: "deno compile puts coact, what it needs of npm's packages and the demo's files behind " +
    "denort, Deno's runtime, which it downloads; with DENORT_BIN in the environment, that file is " +
    "taken instead. What is in the binary is then checked, and the size of each part shown.",
  options,
  examples: [
    "deno task compile",
    "deno task compile --target x86_64-apple-darwin,aarch64-apple-darwin",
    "deno task compile --with-native --without-demo",
  ],
  run,
});

function targetsOption(): Option<string[]> {
  const names = Object.keys(TARGETS);
  const schema = z.string().transform((text, context) => {
    const targets = [...new Set(text.split(",").map((part) => part.trim()))];
    const unknown = targets.find((target) => !names.includes(target));
    if (unknown === undefined) return targets;
    const message = `there is no target ${unknown}; there are ${names.join(", ")}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return {
    placeholder: "LIST",
    values: names,
    about: "the platforms to make binaries for",
    default: Deno.build.target,
    schema,
  };
}

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const denort = Deno.env.get("DENORT_BIN");
  if (denort !== undefined && values.target.length > 1) {
    throw new UsageError("DENORT_BIN is the runtime of one target; name just that with --target");
  }
  if (denort !== undefined && !await isFile(denort)) {
    throw new InputError(`${denort}, which DENORT_BIN names, does not exist`);
  }
  await inDirectory(resolve(values.output_dir), async () => {
    for (const name of values.target) await compileFor(name, values, terminal);
  });
}

async function compileFor(
  name: string,
  { target, output_dir, with_native, without_demo }: Values<typeof options>,
  terminal: Terminal,
): Promise<void> {
  const contents: Contents = {
    target: TARGETS[name]!,
    withNative: with_native,
    withDemo: !without_demo,
  };
  const refusal = contentsRefusal(contents);
  if (refusal !== undefined) throw new UsageError(refusal);
  const isHere = target.length === 1 && name === Deno.build.target;
  const output = `${output_dir}/coact${isHere ? "" : `-${name}`}${contents.target.extension}`;

  const cache = await Deno.makeTempDir({ dir: output_dir, prefix: ".packages-" });
  try {
    await stagePackages(cache, contents);
    await denoCompile(cache, compileArguments(name, resolve(output), contents));
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
  const { denoDir } = await denoCache();
  await inspect(output, contents, [ROOT, denoDir, resolve(cache)], terminal);
  terminal.print(`wrote ${output}`);
}

/** The arguments of `deno compile`. */
export function compileArguments(target: string, output: string, contents: Contents): string[] {
  const included = [
    ...contents.withDemo ? DEMO_FOLDERS.map((folder) => `demo/${folder}`) : [],
    // what no import names: threads of their own
    "lib/reading/reading_worker.ts",
    "lib/analysis/statistics/selectivity_worker.ts",
    "lib/lm/weight_reader_worker.ts",
    "lib/pictures/picture_worker.ts",
    "lib/results/selectivity_rows_worker.ts",
    ...contents.withNative
      ? [
        "lib/compute/native_webgpu_worker.ts",
        "lib/compute/session_thread_worker.ts",
        "lib/sae/encode/encode_worker.ts",
      ]
      : [],
  ];
  return [
    ...permissionFlags(Object.values(config.tasks).map(({ command }) => command)),
    "--cached-only",
    "--no-check",
    "--exclude-unused-npm",
    ...included.flatMap((what) => ["--include", what]),
    "--target",
    target,
    "--output",
    output,
    "coact.ts",
  ];
}

async function denoCompile(cache: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", ...args],
    cwd: ROOT,
    env: { DENO_DIR: resolve(cache), NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const target = args[args.indexOf("--target") + 1]!;
  throw new InputError(compileFailure(new TextDecoder().decode(stderr), target));
}

/** Why `deno compile` failed, in one line, from what it wrote on standard error. */
export function compileFailure(text: string, target: string): string {
  if (/Download .*denort|find denort/.test(text)) {
    return "deno compile needs denort, Deno's runtime without its tools, and could not download " +
      `it; set DENORT_BIN to the path of denort ${Deno.version.deno} for ${target}`;
  }
  const [, why = text] = /^error: (.*?)(?:\n\nStack backtrace|$(?![^]))/ms.exec(text) ?? [];
  return `deno compile failed for ${target}: ${why.trim()}`;
}

/**
 * Checks what is in a binary, none of these directories above all; shows how large its parts are.
 *
 * @throws {InputError} If it is too large; it is removed then.
 */
export async function inspect(
  output: string,
  contents: Contents,
  directories: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const bytes = await Deno.readFile(output);
  const compiled = readCompiledBinary(output, bytes);
  const problems = [
    ...findContentProblems(compiled.files.map(({ path }) => path), contents),
    ...findTraces(compiled.section, directories),
  ];
  if (problems.length > 0) {
    await Deno.remove(output);
    throw new Error(`${output} does not hold what it should: ${problems.join("; ")}`);
  }
  terminal.print(`${output}:`);
  const lines = sizeLines(partsOf(compiled, bytes.length), bytes.length);
  for (const line of lines) terminal.print(line);
  const problem = sizeProblem(bytes.length, contents);
  if (problem !== undefined) {
    await Deno.remove(output);
    throw new InputError(`${output} was too large and is removed: ${problem}`);
  }
}

if (import.meta.main) await runCommand(compile);
