/** The demo shows the guide's pattern, and the figures that its training gave. */
import assert from "node:assert/strict";
import { readSummary } from "../../lib/results/summary_file.ts";
import { demo } from "../../scripts/demo.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Columns of the table of supervised SAEs in the demo's METRICS.md, which PyTorch computed. */
async function trainingMetrics() {
  const text = await Deno.readTextFile(new URL("../../demo/METRICS.md", import.meta.url));
  const [supervised = ""] = text.split("Traditional SAEs");
  return supervised.split("\n").filter((line) => /^\| \d/.test(line)).map((line) => {
    const [, layer, , testId, testOod, diagonal, offDiagonal] = line.split("|").map(Number);
    return { layer, testId, testOod, diagonal, offDiagonal };
  });
}

using directory = new TemporaryDirectory();
const outcome = await run(demo, ["--output_dir", directory.path, "--device", "cpu", "--dpi", "20"]);
const known = await readSummary(`${directory.path}/test_id`);
const unseen = await readSummary(`${directory.path}/test_ood`);
const traditional = await readSummary(`${directory.path}/traditional`);

Deno.test("demo gives the figures of the training for both question files", async () => {
  assert.deepEqual([outcome.code, outcome.err], [0, []]);
  const metrics = await trainingMetrics();
  assert.equal(metrics.length, 12);
  metrics.forEach((expected, i) => {
    const layer = known.layers[i]!;
    assert.equal(layer.layer, expected.layer);
    // The page has three decimals, and one question of 750 may fall on the other side.
    assert(Math.abs(layer.mean_diagonal! - expected.diagonal!) < 6e-4);
    assert(Math.abs(layer.mean_off_diagonal! - expected.offDiagonal!) < 6e-4);
    assert(Math.abs(layer.binding_accuracy! - expected.testId!) < 2e-3);
    assert(Math.abs(unseen.layers[i]!.binding_accuracy! - expected.testOod!) < 2e-3);
  });
});

Deno.test("demo shows weak slots in the first layers and a clear diagonal later", () => {
  const gaps = known.layers.map((layer) => layer.mean_diagonal! - layer.mean_off_diagonal!);
  assert(gaps[0]! < 0.15);
  assert(gaps.slice(4).every((gap) => gap > 0.75));
});

Deno.test("demo analyses the traditional SAEs of two layers", () => {
  assert.deepEqual(traditional.layers.map(({ layer, sae }) => [layer, sae]), [
    [0, "traditional"],
    [6, "traditional"],
  ]);
});
