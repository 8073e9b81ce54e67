/** The demo from its command to its files, all three runs with their statistics. */
import assert from "node:assert/strict";
import { readSummary } from "../../lib/results/summary_file.ts";
import { demo } from "../../scripts/demo.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const RUNS = {
  test_id: { sae: "supervised", layers: Array.from({ length: 12 }, (_, layer) => layer) },
  test_ood: { sae: "supervised", layers: Array.from({ length: 12 }, (_, layer) => layer) },
  traditional: { sae: "traditional", layers: [0, 6] },
};

Deno.test("demo analyses supervised SAEs on two question files, and traditional ones of two layers", async () => {
  using directory = new TemporaryDirectory();
  const args = ["--output_dir", directory.path, "--device", "cpu", "--dpi", "20"];
  const { code, out, err } = await run(demo, args);
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
