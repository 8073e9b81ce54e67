/** What `analyze` makes of layers without an SAE, and of those of earlier runs. */
import assert from "node:assert/strict";
import { execute } from "../../lib/cli/execute.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { analyze } from "../../scripts/analyze.ts";
import { summary } from "../../scripts/summary.ts";
import { analyzeTiny, filesIn, summaryIn, timesIn } from "../support/analyze_tiny.ts";
import { CapturedOutput } from "../support/captured_output.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test("analyze skips a layer without an SAE, with a warning, and names it in the summary", async () => {
  using directory = new TemporaryDirectory();
  const { code, out, err } = await analyzeTiny(directory, { layers: [0, 2] });
  const sae = `${directory.path}/sae/layer1`;
  const reason = `No SAE checkpoint found: tried ${sae}/sae_best.pt, ${sae}/sae_final.pt, ` +
    `${sae}/traditional_sae_final.pt`;
  assert.equal(code, 0);
  assert.deepEqual(err, [`warning: layer 1 is skipped: ${reason}`]);
  assert.deepEqual((await summaryIn(directory)).layers_skipped, [{ layer: 1, reason }]);
  assert(out.some((line) => line.includes("1  skipped")));
  // Until it is analysed.
  await analyzeTiny(directory, { layers: [0, 1, 2] }, "--layers", "1");
  const { layers_analyzed, layers_skipped } = await summaryIn(directory);
  assert.deepEqual([layers_analyzed, layers_skipped], [[0, 1, 2], []]);
});

Deno.test("analyze warns once of many layers without an SAE", async () => {
  using directory = new TemporaryDirectory();
  const { err } = await analyzeTiny(directory, { layers: [1] });
  assert.equal(err.length, 1);
  assert.match(
    err[0]!,
    /^warning: layers 0, 2 are skipped: No SAE checkpoint found: tried .*layer0/,
  );
  assert.deepEqual((await summaryIn(directory)).layers_skipped.map(({ layer }) => layer), [0, 2]);
});

Deno.test("analyze of fewer layers keeps those of earlier runs in the summary, skipped ones, too", async () => {
  using directory = new TemporaryDirectory();
  const inputs = { layers: [0, 2] };
  await analyzeTiny(directory, inputs); // all: layer 1 has no SAE
  const before = await summaryIn(directory);
  const { out, err } = await analyzeTiny(directory, inputs, "--layers", "0", "--force");
  assert.deepEqual(err, []);
  assert.equal(out.at(-1), "layer 2 of earlier runs is in the summary, too");
  assert(out.includes(`wrote ${directory.path}/results/ (1 layer)`));
  const after = await summaryIn(directory);
  assert.deepEqual(after.layers_analyzed, [0, 2]);
  assert.deepEqual(after.layers[1], before.layers[1]);
  assert.deepEqual(after.layers_skipped, before.layers_skipped);
  assert.match(after.layers_skipped[0]!.reason, /^No SAE checkpoint found: tried .*layer1/);
  assert.deepEqual((await timesIn(directory)).layers_analyzed, [0]);
  // What the script for it would write, byte for byte.
  const path = `${directory.path}/results/analysis_summary.json`;
  const written = Deno.readTextFileSync(path);
  await run(summary, ["--output_dir", `${directory.path}/results`, "--dpi", "20"]);
  assert.equal(Deno.readTextFileSync(path), written);
});

Deno.test("analyze leaves layers of another analysis out of its summary, and suggests nothing that fails", async () => {
  using directory = new TemporaryDirectory();
  const args = writeTinyInputs(directory);
  await run(analyze, [...args, "--layers", "0,1"]);
  using output = new CapturedOutput();
  const code = await execute(
    analyze,
    [...args, "--layers", "2", "--samples_per_relation", "1"],
    new Terminal(),
  );
  assert.equal(code, 0);
  assert(
    output.err.includes(
      "layers 0, 1 of an earlier run are not in the summary: analysed with other relations or " +
        "numbers of questions",
    ),
    output.err.join("\n"),
  );
  assert(!output.out.join("\n").includes("summary --output_dir"));
  assert.deepEqual((await summaryIn(directory)).layers_analyzed, [2]);
  assert(filesIn(directory).includes("layer01_analysis.json"), "the layers themselves stay");
});

Deno.test("analyze warns of a damaged layer of an earlier run, and leaves it out of its summary", async () => {
  using directory = new TemporaryDirectory();
  await analyzeTiny(directory, {}, "--layers", "0,1");
  const path = `${directory.path}/results/layer00_activation_matrix.npy`;
  Deno.truncateSync(path, 100);
  const { code, err } = await analyzeTiny(directory, {}, "--layers", "2");
  assert.deepEqual([code, err.length], [0, 1]);
  assert(
    err[0]!.startsWith(`warning: layer 0 of an earlier run is not in the summary: ${path} is `),
    err[0],
  );
  assert.deepEqual((await summaryIn(directory)).layers_analyzed, [1, 2]);
});

Deno.test("analyze removes an earlier summary as soon as results change", async () => {
  using directory = new TemporaryDirectory();
  await analyzeTiny(directory, {}, "--layers", "0,1");
  const broken = supervisedSae().slice();
  const sae = (layer: number) => layer === 1 ? brokenWeights(broken) : supervisedSae();
  const { code, err } = await analyzeTiny(directory, { sae }, "--layers", "0,1", "--force");
  assert.equal(code, 1);
  assert.match(err.join(), /checksum/);
  const left = filesIn(directory);
  assert(!left.includes("analysis_summary.json"), "it would speak of another layer 0");
  assert(left.includes("layer00_analysis.json") && left.includes("layer01_analysis.json"));
});

/** A checkpoint with a bit flipped where the encoder's weights are. */
function brokenWeights(checkpoint: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode("archive/data/0");
  const start = checkpoint.findIndex((_, i) => name.every((byte, j) => checkpoint[i + j] === byte));
  checkpoint[start + name.length + 3]! ^= 1;
  return checkpoint;
}

Deno.test("analyze keeps an earlier result whole when a later run fails", async () => {
  using directory = new TemporaryDirectory();
  await analyzeTiny(directory, {}, "--layers", "1");
  const before = Deno.readFileSync(`${directory.path}/results/analysis_summary.json`);
  const { code } = await run(analyze, [
    ...writeTinyInputs(directory, { sae: () => supervisedSae().slice(0, 400) }),
    ...["--layers", "1"],
  ]);
  assert.equal(code, 1);
  assert.deepEqual(Deno.readFileSync(`${directory.path}/results/analysis_summary.json`), before);
});
