/** What a second run does where results are there already. */
import assert from "node:assert/strict";
import { analyzeTiny, filesIn } from "../support/analyze_tiny.ts";
import { OtherThreads } from "../support/other_threads.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae } from "../support/tiny_analysis.ts";

/** Runs an analysis that is to go well. */
async function analyzeWell(...args: Parameters<typeof analyzeTiny>) {
  const { code, err } = await analyzeTiny(...args);
  assert.deepEqual([code, err], [0, []]);
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

/** Every file of a run by name, but for the times. */
function contents(directory: TemporaryDirectory): Record<string, Uint8Array> {
  const names = filesIn(directory).filter((name) => name !== "analysis_times.json");
  return Object.fromEntries(
    names.map((name) => [name, Deno.readFileSync(`${directory.path}/results/${name}`)]),
  );
}

const BOTH = ["--layers", "0,1"];

Deno.test("analyze computes nothing again that is there already, and changes no byte", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH);
  const before = contents(directory);
  assert.deepEqual(await recomputed(directory, () => analyzeWell(directory, {}, ...BOTH)), []);
  assert.deepEqual(contents(directory), before);
});

Deno.test("analyze computes nothing again with another number of threads, and gives the same bytes", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH);
  const before = contents(directory);
  using _threads = new OtherThreads(navigator.hardwareConcurrency + 1);
  assert.deepEqual(await recomputed(directory, () => analyzeWell(directory, {}, ...BOTH)), []);
  await analyzeWell(directory, {}, ...BOTH, "--force");
  assert.deepEqual(contents(directory), before);
});

Deno.test("analyze --force computes everything again", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH);
  const rerun = () => analyzeWell(directory, {}, ...BOTH, "--force");
  assert.deepEqual(await recomputed(directory, rerun), [0, 1]);
});

Deno.test("analyze draws again what is there already, as it is asked to now", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH);
  const rerun = () => analyzeWell(directory, {}, ...BOTH, "--format", "svg");
  assert.deepEqual(await recomputed(directory, rerun), []);
  const pictures = Object.keys(contents(directory)).filter((name) => /png|svg/.test(name));
  assert.equal(pictures.length, 9);
  assert(pictures.every((name) => name.endsWith(".svg")), pictures.join());
});

Deno.test("analyze computes a layer again whose SAE has changed, and no other", async () => {
  using directory = new TemporaryDirectory();
  await analyzeWell(directory, {}, ...BOTH);
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

for (
  const [what, ...args] of [
    ["another threshold", "--activation_threshold", "0.2"],
    ["fewer questions", "--samples_per_relation", "1"],
    ["fewer relations", "--relations", "0-2"],
    ["another backend", "--device", "wasm"],
    ["a deeper layer, which is the last then", "--layers", "0,1,2"],
  ] as const
) {
  Deno.test(`analyze computes all layers again for ${what}`, async () => {
    using directory = new TemporaryDirectory();
    await analyzeWell(directory, {}, ...BOTH);
    const rerun = () => analyzeWell(directory, {}, ...BOTH, ...args);
    assert.deepEqual(await recomputed(directory, rerun), [0, 1]);
  });
}

for (
  const [what, damage] of [
    ["is missing", (path: string) => Deno.removeSync(path)],
    ["is cut", (path: string) => Deno.truncateSync(path, 100)],
    ["was changed", (path: string) => {
      const bytes = Deno.readFileSync(path);
      bytes[bytes.length - 1]! ^= 1;
      Deno.writeFileSync(path, bytes);
    }],
  ] as const
) {
  for (const file of ["consistency.npy", "statistics.json", "analysis.json"]) {
    Deno.test(`analyze computes a layer again whose ${file} ${what}`, async () => {
      using directory = new TemporaryDirectory();
      await analyzeWell(directory, {}, ...BOTH);
      const before = contents(directory);
      damage(`${directory.path}/results/layer01_${file}`);
      const rerun = () => analyzeWell(directory, {}, ...BOTH);
      assert.deepEqual(await recomputed(directory, rerun), [1]);
      assert.deepEqual(contents(directory), before);
    });
  }
}

Deno.test("analyze gives the bytes of one run, whichever layers were there before", async () => {
  using once = new TemporaryDirectory();
  await analyzeWell(once, {}, "--layers", "0-3");
  using twice = new TemporaryDirectory();
  await analyzeWell(twice, {}, "--layers", "0-3");
  for (const layer of [0, 3]) Deno.removeSync(`${twice.path}/results/layer0${layer}_analysis.json`);
  await analyzeWell(twice, {}, "--layers", "0-3");
  const portable = (directory: TemporaryDirectory) =>
    Object.fromEntries(
      Object.entries(contents(directory)).filter(([name]) => /npy$|statistics|common/.test(name)),
    );
  assert.deepEqual(portable(twice), portable(once));
});
