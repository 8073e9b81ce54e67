/**
 * Compares what this checkout makes with what another commit makes, byte for byte: a change that
 * only moves walls is to change nothing that a user has.
 *
 *     deno run --allow-all tools/compare.ts --commit HEAD~1 --devices cpu,wasm
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";
import { type Command, defineCommand, type Option, type Values } from "../lib/cli/command.ts";
import { countOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { ROOT } from "./stage_packages.ts";

/** Where both write, below their own folders: results name their inputs as they were given. */
const OUTPUT = "results/compare";

const REFERENCE = "tests/fixtures/reference";

/** What is analysed: the demo's files and the tests' reference, with SAEs of both kinds. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  demo: job("demo/lm", "demo/sae", "demo/data/qa_test_id.jsonl"),
  phrasings: job("demo/lm", "demo/sae", "demo/data/qa_test_ood.jsonl"),
  traditional: job("demo/lm", "demo/sae_traditional", "demo/data/qa_test_id.jsonl"),
  reference: reference("sae"),
  reference_traditional: reference("sae_traditional"),
};

function reference(saes: string): string[] {
  return job(`${REFERENCE}/lm`, `${REFERENCE}/${saes}`, `${REFERENCE}/qa/qa_test_id.jsonl`);
}

function job(lm: string, saes: string, questions: string): string[] {
  return ["--lm_model", lm, "--sae_dir", saes, "--qa_file", questions];
}

const options = {
  commit: commitOption(),
  devices: devicesOption(),
  samples_per_relation: countOption("questions of each relation", 25),
};

function commitOption(): Option<string> {
  const schema = z.string().min(1);
  return { placeholder: "COMMIT", about: "what to compare with", default: "HEAD", schema };
}

function devicesOption(): Option<string[]> {
  const schema = z.string().transform((text) => text.split(","));
  return { placeholder: "LIST", about: "where both compute", default: "cpu", schema };
}

const compare: Command = defineCommand({
  name: "compare",
  summary: "Compare results and pictures with those of another commit, byte for byte.",
  about: "The other commit is checked out beside this one and removed again. It wants git.",
  options,
  examples: ["deno run --allow-all tools/compare.ts --commit HEAD~1 --devices cpu,wasm"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { commit, devices, samples_per_relation } = values;
  const directory = await Deno.makeTempDir({ prefix: "coact-compare-" });
  const other = join(directory, "checkout");
  let different = 0;
  try {
    await program("git", ["worktree", "add", "--detach", "--quiet", other, commit], ROOT);
    for (const device of devices) {
      for (const [name, inputs] of Object.entries(JOBS)) {
        const output = `${OUTPUT}/${device}/${name}`;
        const args = [
          ...["run", "--quiet", "--allow-all", "scripts/analyze.ts", ...inputs],
          ...["--samples_per_relation", String(samples_per_relation)],
          ...["--output_dir", output, "--device", device, "--force"],
        ];
        for (const folder of [other, ROOT]) await program(Deno.execPath(), args, folder);
        const found = await differences(join(other, output), join(ROOT, output));
        for (const line of found.lines) terminal.print(`${device} ${name}: ${line}`);
        terminal.print(
          `${device} ${name}: ${found.same} files are the same, ${found.lines.length} are not`,
        );
        different += found.lines.length;
      }
    }
  } finally {
    await program("git", ["worktree", "remove", "--force", other], ROOT).catch(() => {});
    await Deno.remove(directory, { recursive: true });
  }
  if (different > 0) throw new InputError(`${different} files are not those of ${commit}`);
}

/** The files of two folders that differ; how long an analysis took is no result. */
async function differences(before: string, after: string) {
  const names = new Set([...await filesIn(before), ...await filesIn(after)]);
  names.delete("analysis_times.json");
  const lines: string[] = [];
  for (const name of [...names].sort()) {
    const [old, now] = await Promise.all([read(join(before, name)), read(join(after, name))]);
    if (old === undefined) lines.push(`${name} is new`);
    else if (now === undefined) lines.push(`${name} is gone`);
    else if (!isSame(old, now)) lines.push(`${name} differs`);
  }
  return { lines, same: names.size - lines.length };
}

async function filesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

async function read(path: string): Promise<Uint8Array | undefined> {
  return await Deno.readFile(path).catch(() => undefined);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Runs a program to its end. @throws {InputError} If it fails, with what it said. */
async function program(name: string, args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(name, { args: [...args], cwd }).output();
  if (success) return;
  const why = new TextDecoder().decode(stderr).trim();
  throw new InputError(`${name} ${args.slice(0, 4).join(" ")} … failed: ${why}`);
}

if (import.meta.main) await runCommand(compare);
