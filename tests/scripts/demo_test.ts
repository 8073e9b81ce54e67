/** The demo shows the guide's pattern, and the figures that its training gave. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readLayerRecord } from "../../lib/results/layer_result.ts";
import { readSummary } from "../../lib/results/summary_file.ts";
import { analyze } from "../../scripts/analyze.ts";
import { demo } from "../../scripts/demo.ts";
import { verdict } from "../../scripts/verdict.ts";
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
const judged = await run(verdict, [
  ...["--output_dir", `${directory.path}/test_id`, "--permutations", "99"],
]);
const verdictText = await Deno.readTextFile(`${directory.path}/test_id/verdict.md`);
const verdictJson = JSON.parse(await Deno.readTextFile(`${directory.path}/test_id/verdict.json`));
const unexplained = new Map<string, number>();
for (const [name, { layers_analyzed }] of Object.entries({ test_id: known, traditional })) {
  for (const layer of layers_analyzed) {
    const { unexplained_variance } = await readLayerRecord(`${directory.path}/${name}`, layer);
    unexplained.set(`${name} ${layer}`, unexplained_variance!);
  }
}

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

Deno.test("demo finds the reconstruction errors of the training, from a sample", async () => {
  const text = await Deno.readTextFile(new URL("../../demo/METRICS.md", import.meta.url));
  const [supervised, traditionalPart] = text.split("Traditional SAEs");
  const column = (part: string, index: number) =>
    part.split("\n").filter((line) => /^\| \d/.test(line))
      .map((line) => line.split("|").map(Number)).map((row) => [row[1]!, row[index]!] as const);
  const expected = [
    ...column(supervised!, 8).map(([layer, error]) => ({ run: "test_id", layer, error })),
    ...column(traditionalPart!, 5).map(([layer, error]) => ({ run: "traditional", layer, error })),
  ];
  assert.equal(expected.length, 14);
  for (const { run, layer, error } of expected) {
    const found = unexplained.get(`${run} ${layer}`)!;
    // Two questions of 750 stand for all: a factor of two.
    assert(found > error / 2 && found < error * 2, `${run} ${layer}: ${found}`);
  }
});

Deno.test("analyze warns of an SAE that was trained on another layer", async () => {
  using mixed = new TemporaryDirectory();
  const demoPath = (path: string) => fileURLToPath(new URL(`../../demo/${path}`, import.meta.url));
  Deno.mkdirSync(`${mixed.path}/sae/layer6`, { recursive: true });
  const checkpoint = "traditional_sae_final.pt";
  Deno.copyFileSync(
    demoPath(`sae_traditional/layer0/${checkpoint}`),
    `${mixed.path}/sae/layer6/${checkpoint}`,
  );
  const args = [
    ...["--lm_model", demoPath("lm"), "--qa_file", demoPath("data/qa_test_id.jsonl")],
    ...["--sae_dir", `${mixed.path}/sae`, "--layers", "6", "--samples_per_relation", "20"],
    ...["--output_dir", `${mixed.path}/results`, "--device", "cpu", "--dpi", "20"],
  ];
  const { code, err } = await run(analyze, args);
  assert.equal(code, 0);
  assert.equal(err.length, 1);
  assert.match(
    err[0]!,
    /^warning: layer 6: what .*sae\/layer6\/traditional_sae_final.pt makes of the hidden states is further from them than their mean is \(unexplained variance [\d.e+]+\); do this SAE/,
  );
  // The results are there now: the warning holds as before.
  assert.deepEqual((await run(analyze, args)).err, err);
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
