/** The demo from its command to its files, all three runs with their statistics, and its verdict. */
import assert from "node:assert/strict";
import { readSummary } from "../../lib/results/summary_file.ts";
import { demo } from "../../scripts/demo.ts";
import { verdict } from "../../scripts/verdict.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const RUNS = {
  test_id: { sae: "supervised", layers: Array.from({ length: 12 }, (_, layer) => layer) },
  test_ood: { sae: "supervised", layers: Array.from({ length: 12 }, (_, layer) => layer) },
  traditional: { sae: "traditional", layers: [0, 6] },
};

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
const outcome = await run(demo, ["--output_dir", directory.path, "--device", "cpu", "--dpi", "20"]);
const judged = await run(verdict, [
  ...["--output_dir", `${directory.path}/test_id`, "--permutations", "99"],
]);
const known = await readSummary(`${directory.path}/test_id`);
const verdictText = await Deno.readTextFile(`${directory.path}/test_id/verdict.md`);
const verdictJson = JSON.parse(await Deno.readTextFile(`${directory.path}/test_id/verdict.json`));

Deno.test("demo analyses supervised SAEs on two question files, and traditional ones of two layers", async () => {
  const { code, out, err } = outcome;
  assert.deepEqual([code, err], [0, []]);
  for (const [name, { sae, layers }] of Object.entries(RUNS)) {
    const output = `${directory.path}/${name}`;
    assert(out.some((line) => line.startsWith(`wrote ${output}/ (${layers.length} layers)`)));
    const summary = await readSummary(output);
    assert.deepEqual(
      summary.layers.map((each) => [each.layer, each.sae]),
      layers.map((layer) => [layer, sae]),
    );
    assert.equal(summary.samples_per_relation, 125);
    const files = [...Deno.readDirSync(output)].map((file) => file.name);
    assert(files.includes("selectivity.parquet") && files.includes("all_layers_emergence.png"));
  }
});

Deno.test("the demo's verdict recommends a middle layer, and takes layer 0 for what it is", () => {
  assert.deepEqual([judged.code, judged.err], [0, []]);
  assert.match(verdictText, /\*\*Layer 5 is recommended\.\*\*/);
  assert.match(verdictText, /Layer 0 is the built-in control/);
  assert.match(
    verdictText,
    /slots to separate from early to middle layers\. This is \*\*confirmed\*\*/,
  );
  const { layer, sites, emergence, labels } = verdictJson;
  assert.deepEqual(layer.left_out, ["layer 0"]);
  known.layers.forEach(({ mean_diagonal, mean_off_diagonal, binding_accuracy }, i) => {
    const { slots } = sites[i];
    // The table's means are of float64, the summary's of float32.
    assert(Math.abs(slots.diagonal.value - mean_diagonal!) < 1e-6);
    assert(Math.abs(slots.off_diagonal.value - mean_off_diagonal!) < 1e-6);
    assert.equal(slots.binding_accuracy.value, binding_accuracy);
  });
  for (const { first_above_control } of emergence) assert.equal(first_above_control, "layer 1");
  assert(labels.border > 3 && labels.border < 6);
});
