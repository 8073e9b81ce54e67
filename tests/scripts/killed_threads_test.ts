/** What is left of a run that is killed while threads read, measure or draw, and what the next run makes of it. */
import assert from "node:assert/strict";
import { analyzeWithThreads } from "../support/analyze_with_threads.ts";
import { ROOT } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";
import { writeSaelens } from "../support/tiny_saes.ts";

/** Each kind of thread, and how the run ends while one of them is busy. */
const KILLS = [["read", "SIGTERM"], ["measure", "SIGINT"], ["draw", "SIGKILL"]] as const;

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

/** Every file by name, but for the times, and hidden ones, which are unfinished. */
function contents(directory: string): Map<string, Uint8Array> {
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name)
    .filter((name) => !name.startsWith(".") && name !== "analysis_times.json").sort();
  return new Map(names.map((name) => [name, Deno.readFileSync(`${directory}/${name}`)]));
}

/** Runs, kills runs of the same while threads are busy, and has another run complete what they left. */
async function kill(
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

Deno.test({
  name: "a run that dies while threads are busy leaves whole files, and the next run completes it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using directory = new TemporaryDirectory();
    writeTinyInputs(directory);
    await kill(directory, KILLS);
  },
});

Deno.test({
  name: "so does one that dies while a thread reads an SAE of another format",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using directory = new TemporaryDirectory();
    writeTinyInputs(directory, { layers: [] });
    writeSaelens(directory, "sae");
    await kill(directory, [["read SAE", "SIGTERM"]]);
  },
});
