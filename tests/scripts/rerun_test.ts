/** What a second run does where results are there already. */
import assert from "node:assert/strict";
import { execute } from "../../lib/cli/execute.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { analyze } from "../../scripts/analyze.ts";
import { analyzeTiny, filesIn } from "../support/analyze_tiny.ts";
import { CapturedOutput } from "../support/captured_output.ts";
import { OtherThreads } from "../support/other_threads.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  supervisedSae,
  type TinyInputs,
  traditionalSae,
  writeTinyInputs,
} from "../support/tiny_analysis.ts";

/** Runs an analysis that is to go well. */
async function analyzeWell(...args: Parameters<typeof analyzeTiny>) {
  const { code, err } = await analyzeTiny(...args);
  assert.deepEqual([code, err], [0, []]);
}

/** Runs an analysis, and keeps what it tells in passing. */
async function analyzeNoting(
  directory: TemporaryDirectory,
  inputs: TinyInputs,
  ...args: string[]
): Promise<{ code: number; notes: string[] }> {
  using output = new CapturedOutput();
  const code = await execute(
    analyze,
    [...writeTinyInputs(directory, inputs), ...args],
    new Terminal(),
  );
  return { code, notes: output.err };
}

/** Which file a name stands for: another one once it has been written again. */
function inode(directory: TemporaryDirectory, name: string): number {
  return Deno.statSync(`${directory.path}/results/${name}`).ino!;
}

/** The layers, of 0 and 1, that a run computes again. */
async function recomputed(
  directory: TemporaryDirectory,
  rerun: () => Promise<void>,
): Promise<number[]> {
  const matrix = (layer: number) => `layer0${layer}_activation_matrix.npy`;
  const before = [0, 1].map((layer) => inode(directory, matrix(layer)));
  await rerun();
  return [0, 1].filter((layer) => inode(directory, matrix(layer)) !== before[layer]);
}

/** What a run tells in passing that is to go well, and to compute just these layers again. */
async function notesOf(
  directory: TemporaryDirectory,
  layers: readonly number[],
  ...args: [inputs: TinyInputs, ...string[]]
): Promise<string[]> {
  let notes: string[] = [];
  const rerun = async () => {
    const outcome = await analyzeNoting(directory, ...args);
    assert.equal(outcome.code, 0);
    ({ notes } = outcome);
  };
  assert.deepEqual(await recomputed(directory, rerun), layers);
  return notes;
}

/** Every file of a run by name, but for the times. */
function contents(directory: TemporaryDirectory): Record<string, Uint8Array> {
  const names = filesIn(directory).filter((name) => name !== "analysis_times.json");
  return Object.fromEntries(
    names.map((name) => [name, Deno.readFileSync(`${directory.path}/results/${name}`)]),
  );
}

const BOTH = ["--layers", "0,1"];

const shared = new TemporaryDirectory();
addEventListener("unload", () => shared[Symbol.dispose]()); // after the tests
let analyzed: Map<string, Uint8Array> | undefined;

/** A directory in which layers 0 and 1 were analysed, once for all tests: each finds it as it was then. */
async function bothAnalyzed(): Promise<TemporaryDirectory> {
  if (analyzed === undefined) {
    await analyzeWell(shared, {}, ...BOTH);
    analyzed = new Map(filesBelow(shared.path));
    return shared;
  }
  for (const { name } of Deno.readDirSync(shared.path)) {
    Deno.removeSync(`${shared.path}/${name}`, { recursive: true });
  }
  for (const [path, bytes] of analyzed) shared.write(path, bytes);
  return shared;
}

function* filesBelow(directory: string, below = ""): Generator<[path: string, bytes: Uint8Array]> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    if (isDirectory) yield* filesBelow(`${directory}/${name}`, `${below}${name}/`);
    else yield [below + name, Deno.readFileSync(`${directory}/${name}`)];
  }
}

Deno.test("analyze computes nothing again that is there already, and changes no byte", async () => {
  const directory = await bothAnalyzed();
  const before = contents(directory);
  assert.deepEqual(await recomputed(directory, () => analyzeWell(directory, {}, ...BOTH)), []);
  assert.deepEqual(contents(directory), before);
});

Deno.test("analyze computes nothing again with another number of threads, but everything with --force, and gives the same bytes", async () => {
  const directory = await bothAnalyzed();
  const before = contents(directory);
  using _threads = new OtherThreads(navigator.hardwareConcurrency + 1);
  assert.deepEqual(await recomputed(directory, () => analyzeWell(directory, {}, ...BOTH)), []);
  // Unless it is told to.
  const rerun = () => analyzeWell(directory, {}, ...BOTH, "--force");
  assert.deepEqual(await recomputed(directory, rerun), [0, 1]);
  assert.deepEqual(contents(directory), before);
});

Deno.test("analyze draws what is there already as it is asked to now, and leaves other pictures", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH, "--top_k_features", "3");
  const before = contents(directory);
  const rerun = () => analyzeWell(directory, {}, ...BOTH, "--format", "svg");
  assert.deepEqual(await recomputed(directory, rerun), []);
  const after = contents(directory);
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  assert.equal(added.length, 9);
  assert(added.every((name) => name.endsWith(".svg")), added.join());
  for (const name of Object.keys(before)) assert.deepEqual(after[name], before[name], name);
});

Deno.test("analyze draws a picture again that showed other numbers, in the formats that there were", async () => {
  using directory = new TemporaryDirectory();
  const sae = (layer: number) => supervisedSae({ bias: layer === 1 ? 0.5 : 0 });
  await analyzeWell(directory, {}, ...BOTH, "--format", "png,pdf", "--top_k_features", "3");
  const before = contents(directory);
  await analyzeWell(directory, { sae }, ...BOTH, "--format", "svg");
  const after = contents(directory);
  const all = ["--format", "png,pdf,svg", "--top_k_features", "3"];
  const pictures = Object.keys(before).filter((name) => /\.(png|pdf)$/.test(name));
  assert.equal(pictures.length, 2 * 9);
  for (const name of pictures) Deno.removeSync(`${directory.path}/results/${name}`);
  await analyzeWell(directory, { sae }, ...BOTH, ...all);
  const drawnNow = contents(directory);
  for (const name of pictures) {
    assert.deepEqual(after[name], drawnNow[name], `${name} shows what there is`);
    if (name.startsWith("layer00")) assert.deepEqual(after[name], before[name], name);
    else assert.notDeepEqual(after[name], before[name], name);
  }
});

Deno.test("analyze removes a picture that a layer has no more, and says so", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH, "--format", "pdf");
  const { code, notes } = await analyzeNoting(directory, { sae: () => traditionalSae() }, ...BOTH);
  assert.equal(code, 0);
  for (const layer of [0, 1]) {
    assert(
      notes.includes(
        `layer ${layer}: removed, for it has no such picture any more: ` +
          `layer0${layer}_feature_consistency.pdf, layer0${layer}_relation_slots_only.pdf`,
      ),
      notes.join("\n"),
    );
  }
});

Deno.test("analyze computes a layer again whose SAE has changed, and no other", async () => {
  const directory = await bothAnalyzed();
  const sae = (layer: number) => supervisedSae({ bias: layer === 1 ? 0.5 : 0 });
  assert.deepEqual(
    await recomputed(directory, () => analyzeWell(directory, { sae }, ...BOTH)),
    [1],
  );
});

Deno.test("analyze computes a layer again of whose SAE only the decoder has changed", async () => {
  using directory = new TemporaryDirectory();
  const rerun = (changed: number) => async () => {
    const sae = (layer: number) => supervisedSae({ decoder: layer === 1 ? changed : 0.01 });
    const { code } = await analyzeTiny(directory, { sae }, ...BOTH);
    assert.equal(code, 0); // it warns of SAEs that explain nothing
  };
  await rerun(0.01)();
  assert.deepEqual(await recomputed(directory, rerun(0.01)), []);
  assert.deepEqual(await recomputed(directory, rerun(0.02)), [1]);
});

Deno.test("analyze computes the deepest layer again, and no other, when a deeper one is asked for, and says why", async () => {
  const directory = await bothAnalyzed();
  const notes = await notesOf(directory, [1], {}, "--layers", "0-2");
  const [said, ...others] = notes.filter((note) => note.includes("computed again:"));
  assert.deepEqual(others, []);
  assert.match(said!, /^layer 1 is computed again: it is no longer the deepest layer asked for/);
  using once = new TemporaryDirectory();
  await analyzeWell(once, {}, "--layers", "0-2");
  const arrays = (directory: TemporaryDirectory) =>
    Object.entries(contents(directory)).filter(([name]) => name.endsWith(".npy"));
  assert.deepEqual(arrays(directory), arrays(once), "the numbers are those of one run");
});

Deno.test("analyze computes all layers again for another threshold, and says so in a line", async () => {
  const directory = await bothAnalyzed();
  const notes = await notesOf(directory, [0, 1], {}, ...BOTH, "--activation_threshold=0.2");
  const said = notes.filter((note) => note.includes("computed again"));
  assert.deepEqual(said, [
    "layers 0, 1 are computed again: activation threshold 0.1 before, 0.2 now",
  ]);
});

// What else is a reason, of which file, is a matter of lib/analysis/reuse.ts.
for (
  const [file, what, damage] of [
    ["statistics.json", "is missing", (path: string) => Deno.removeSync(path)],
    ["consistency.npy", "is cut", (path: string) => Deno.truncateSync(path, 100)],
    ["analysis.json", "was changed", (path: string) => {
      const bytes = Deno.readFileSync(path);
      bytes[bytes.length - 1]! ^= 1;
      Deno.writeFileSync(path, bytes);
    }],
  ] as const
) {
  Deno.test(`analyze computes a layer again whose ${file} ${what}`, async () => {
    const directory = await bothAnalyzed();
    const before = contents(directory);
    const path = `${directory.path}/results/layer01_${file}`;
    damage(path);
    const notes = await notesOf(directory, [1], {}, ...BOTH);
    if (file === "consistency.npy") {
      assert(notes.includes(`layer 1 is computed again: ${path} is not as it was written`));
    }
    assert(notes.some((note) => note.startsWith("layer 0: the results are there already")));
    assert.deepEqual(contents(directory), before);
  });
}

Deno.test("analyze gives the bytes of one run, whichever layers were there before", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, "--layers", "0-3");
  const portable = () =>
    Object.fromEntries(
      Object.entries(contents(directory)).filter(([name]) => /npy$|statistics|common/.test(name)),
    );
  const once = portable();
  for (const layer of [0, 3]) {
    Deno.removeSync(`${directory.path}/results/layer0${layer}_analysis.json`);
  }
  await analyzeWell(directory, {}, "--layers", "0-3");
  assert.deepEqual(portable(), once);
});
