import assert from "node:assert/strict";
import { chosenLayers } from "../../lib/cli/chosen_layers.ts";
import { regenerate } from "../../lib/cli/regenerate.ts";
import { summarize } from "../../lib/cli/summarize.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { DirectoryLock } from "../../lib/files/directory_lock.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { readSummary } from "../../lib/results/summary_file.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { CapturedOutput } from "../support/captured_output.ts";
import { inputError } from "../support/input_errors.ts";
import { layerResult, traditionalResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Regenerates, and says what was made and printed. */
async function run(output_dir: string, layers: "all" | number[], wait: boolean = false) {
  using output = new CapturedOutput();
  const made: [directory: string, record: LayerRecord][] = [];
  await regenerate({ output_dir, layers, wait }, new Terminal(), (directory, record) => {
    made.push([directory, record]);
    return Promise.resolve(record.sae === "supervised" ? [`layer${record.layer}.json`] : []);
  });
  return { made, out: output.out, err: output.err };
}

Deno.test("regenerate() makes the artifact of each layer on disk, in order", async () => {
  using directory = new TemporaryDirectory();
  const results = [layerResult({ layer: 2 }), layerResult({ layer: 10 })];
  for (const result of results.toReversed()) await writeLayerResult(directory.path, result);
  const { made, out } = await run(directory.path, "all");
  assert.deepEqual(made.map(([path, { layer }]) => [path, layer]), [
    [directory.path, 2],
    [directory.path, 10],
  ]);
  assert.deepEqual(out.map((line) => line.split(" ")[1]), ["layer2.json", "layer10.json"]);
});

Deno.test("regenerate() makes the artifact of the layers named, and of no other", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of [2, 6, 10]) await writeLayerResult(directory.path, layerResult({ layer }));
  const { made } = await run(directory.path, [6]);
  assert.deepEqual(made.map(([, { layer }]) => layer), [6]);
});

Deno.test("regenerate() says what was written, how large and how fast", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const { out, err } = await run(directory.path, "all");
  assert.equal(out.length, 1);
  assert.match(out[0]!, /^wrote layer6\.json \(2 × 5, \d+\.\d\d s\)$/);
  assert.deepEqual(err, []);
});

Deno.test("regenerate() says which layer has no such artifact", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, traditionalResult());
  const { out } = await run(directory.path, [6]);
  assert.deepEqual(out, ["nothing of layer 6: its SAE is traditional and has no slots"]);
});

/** What a run that was killed may leave: see temporaryPath() of write_whole.ts. */
const LEFT = ".layer06_statistics.json.0123abcd.tmp";

Deno.test("regenerate() removes what a killed run left half-written", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  directory.write(LEFT, "{");
  directory.write(".mine.tmp", "");
  await run(directory.path, [6]);
  const hidden = [...Deno.readDirSync(directory.path)].map(({ name }) => name)
    .filter((name) => name.startsWith("."));
  assert.deepEqual(hidden, [".mine.tmp"]);
});

Deno.test("regenerate() leaves alone what another run is writing", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  directory.write(LEFT, "{");
  using _lock = await DirectoryLock.take(directory.path);
  await assert.rejects(run(directory.path, [6]), inputError(/is being written to by process/));
  assert.equal(Deno.readTextFileSync(`${directory.path}/${LEFT}`), "{");
});

Deno.test("regenerate() that waits works on the layers that there are when its turn comes", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 2 }));
  const lock = await DirectoryLock.take(directory.path);
  const waiting = run(directory.path, "all", true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await writeLayerResult(directory.path, layerResult({ layer: 5 }));
  Deno.removeSync(`${directory.path}/layer02_analysis.json`);
  lock[Symbol.dispose]();
  const { made, err } = await waiting;
  assert.deepEqual(made.map(([, { layer }]) => layer), [5]);
  assert(err.some((line) => line.includes("layer 2 is left out")), err.join("\n"));
});

Deno.test("summarize() that waits compares the layers that there are when its turn comes", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 2 }));
  using _output = new CapturedOutput();
  const lock = await DirectoryLock.take(directory.path);
  const values = { output_dir: directory.path, layers: "all", wait: true } as const;
  const waiting = summarize({ ...values, pictures: { dpi: 20 } }, new Terminal());
  await new Promise((resolve) => setTimeout(resolve, 50));
  await writeLayerResult(directory.path, layerResult({ layer: 5 }));
  lock[Symbol.dispose]();
  await waiting;
  assert.deepEqual((await readSummary(directory.path)).layers_analyzed, [2, 5]);
});

Deno.test("regenerate() gives the lock back where what was left cannot be removed", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const left = directory.write(LEFT, "{");
  const { remove } = Deno;
  Deno.remove = () => Promise.reject(new Deno.errors.PermissionDenied());
  try {
    await assert.rejects(
      run(directory.path, [6]),
      inputError(`${left} cannot be removed: permission denied`),
    );
  } finally {
    Deno.remove = remove;
  }
  await run(directory.path, [6]);
});

Deno.test("regenerate() names the command that makes a missing analysis", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    run(directory.path, [6]),
    inputError(/layer06_analysis.json is missing; make it with: deno task analyze --layers 6/),
  );
  await assert.rejects(
    run(directory.path, "all"),
    inputError(/holds no analysis; make one with: deno task analyze/),
  );
});

Deno.test("chosenLayers() says of a directory without an analysis how to make one, also where sites are named", async () => {
  using directory = new TemporaryDirectory();
  const sites = "all"; // of which there are none
  await assert.rejects(
    chosenLayers({ output_dir: directory.path, layers: "all", sites }),
    inputError(/holds no analysis; make one with: deno task analyze/),
  );
});
