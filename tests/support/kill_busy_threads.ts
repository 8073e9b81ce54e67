/** Kills runs while their threads are busy, and looks at what is left and at what comes next. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { analyzeWithThreads } from "./analyze_with_threads.ts";
import { ROOT } from "./scripts.ts";
import type { TemporaryDirectory } from "./temporary.ts";

/** A process that analyses by threads, and says so when one of a kind is busy. */
function spawn(directory: TemporaryDirectory, results: string, wanted: string) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--cached-only", "--no-prompt", "--no-check", "--allow-all"],
      ...["--config", `${ROOT}/deno.json`, `${ROOT}/tests/support/analyze_with_threads.ts`],
      ...[directory.path, results, wanted],
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Every file by name, but for the times, and hidden ones, which are unfinished; none where there is no directory
 * yet, for weights are looked at before it is made.
 */
function contents(directory: string): Map<string, Uint8Array> {
  if (!existsSync(directory)) return new Map();
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name)
    .filter((name) => !name.startsWith(".") && name !== "analysis_times.json").sort();
  return new Map(names.map((name) => [name, Deno.readFileSync(`${directory}/${name}`)]));
}

/** Runs, kills runs of the same while threads are busy, and has another run complete what they left. */
export async function killBusyThreads(
  directory: TemporaryDirectory,
  kills: readonly (readonly [string, Deno.Signal])[],
): Promise<void> {
  const [undisturbed, killed] = [`${directory.path}/undisturbed`, `${directory.path}/killed`];
  await analyzeWithThreads(directory.path, undisturbed);
  const expected = contents(undisturbed);
  for (const [kind, signal] of kills) {
    const child = spawn(directory, killed, kind);
    const ended = child.status;
    const said = child.stdout.getReader();
    const { done } = await said.read();
    assert(!done, `no thread had anything to ${kind}`);
    child.kill(signal);
    await said.cancel();
    await child.stderr.cancel();
    assert.equal((await ended).signal, signal);
    const left = contents(killed);
    assert(left.size < expected.size, "it was over before");
    for (const [name, bytes] of left) assert.deepEqual(bytes, expected.get(name), name);
  }
  await analyzeWithThreads(directory.path, killed);
  assert.deepEqual(contents(killed), expected);
  const hidden = [...Deno.readDirSync(killed)].filter(({ name }) => name.startsWith("."));
  assert.deepEqual(hidden, []);
}
