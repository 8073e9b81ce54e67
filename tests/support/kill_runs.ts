/** Kills runs of `analyze` at any moment, and looks at what is left and at what comes next. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { analyze } from "../../scripts/analyze.ts";
import { run } from "./run.ts";
import { runScript, spawnScript } from "./scripts.ts";
import { TemporaryDirectory } from "./temporary.ts";
import { writeTinyInputs } from "./tiny_analysis.ts";

/** Numbers that look random and are the same each time, from 0 to 1. */
function* chances(): Generator<number> {
  for (let state = 42;;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

/** Every file by name, but for the times, and hidden ones, which are unfinished. */
function contents(directory: string): Record<string, Uint8Array> {
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name)
    .filter((name) => !name.startsWith(".") && name !== "analysis_times.json");
  return Object.fromEntries(
    names.map((name) => [name, Deno.readFileSync(`${directory}/${name}`)]),
  );
}

/**
 * Runs `analyze` and kills it, again and again. Whatever is left is, byte for byte, what an undisturbed
 * run writes, and the next run that is left alone completes it.
 *
 * @param rounds How often results are begun anew.
 * @param perRound How often they are killed then, before a run is left alone.
 */
export async function killRuns(rounds: number, perRound: number): Promise<void> {
  using directory = new TemporaryDirectory();
  const args = writeTinyInputs(directory);
  const results = `${directory.path}/results`;
  const start = performance.now();
  const { code, err } = await runScript("analyze", args);
  assert.equal(code, 0, err);
  const wholeRun = performance.now() - start;
  const expected = contents(results);

  const chance = chances();
  let midway = 0;
  for (let kill = 0; kill < rounds * perRound; kill++) {
    // Every few kills the next run finds nothing, otherwise what the killed ones left.
    if (kill % perRound === 0) Deno.removeSync(results, { recursive: true });
    const child = spawnScript("analyze", args);
    const moment = wholeRun * chance.next().value!;
    // One of each round dies as soon as it has written something, however slow the machine is.
    if (kill % perRound === 0) await firstFile(results, child);
    else await delay(moment);
    try {
      child.kill("SIGKILL");
    } catch {
      // it was faster
    }
    await child.output();
    const left = safely(() => contents(results)) ?? {};
    const count = Object.keys(left).length;
    if (count > 0 && count < Object.keys(expected).length) midway++;
    // Whatever is there is what an undisturbed run writes, to the last byte.
    for (const [name, content] of Object.entries(left)) {
      assert.deepEqual(content, expected[name], name);
    }
    if (kill % perRound === perRound - 1) {
      const rerun = await run(analyze, args);
      assert.equal(rerun.code, 0, rerun.err.join("\n"));
      assert.deepEqual(contents(results), expected);
      const hidden = [...Deno.readDirSync(results)].filter(({ name }) => name.startsWith("."));
      assert.deepEqual(hidden, [], "what killed runs left unfinished is gone");
    }
  }
  assert(midway > 0, "no run was killed while it was writing");
}

/** Waits until there is a file in a directory, or a process has ended. */
async function firstFile(directory: string, process: Deno.ChildProcess): Promise<void> {
  let hasEnded = false;
  process.status.then(() => hasEnded = true);
  while (!hasEnded && Object.keys(safely(() => contents(directory)) ?? {}).length === 0) {
    await delay(1);
  }
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
