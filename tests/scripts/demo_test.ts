/** What the demo analyses shows the guide's pattern, and the figures that its training gave. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { analyze } from "../../scripts/analyze.ts";
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

const DEMO = fileURLToPath(new URL("../../demo", import.meta.url));

/** Layers of other questions or SAEs, of which nobody looks at pictures here. */
async function layersOf(saes: string, questions: string, layers: "all" | readonly number[]) {
  const plan = await planAnalysis({
    lmModel: `${DEMO}/lm`,
    saeDirectory: `${DEMO}/${saes}`,
    questionFile: `${DEMO}/data/${questions}.jsonl`,
    layers,
    samplesPerRelation: 125,
    threshold: 0.1,
  });
  using device = await openDevice("cpu");
  return await Array.fromAsync(analyzeLayers(plan, device));
}

const runs = {
  test_id: await layersOf("sae", "qa_test_id", "all"),
  test_ood: await layersOf("sae", "qa_test_ood", "all"),
  traditional: await layersOf("sae_traditional", "qa_test_id", [0, 6]),
};
const known = runs.test_id.map(summarizeLayer);
const unseen = runs.test_ood.map(summarizeLayer);

Deno.test("the demo's files give the figures of the training for both question files", async () => {
  const metrics = await trainingMetrics();
  assert.equal(metrics.length, 12);
  metrics.forEach((expected, i) => {
    const layer = known[i]!;
    assert.equal(layer.layer, expected.layer);
    // The page has three decimals, and one question of 750 may fall on the other side.
    assert(Math.abs(layer.mean_diagonal! - expected.diagonal!) < 6e-4);
    assert(Math.abs(layer.mean_off_diagonal! - expected.offDiagonal!) < 6e-4);
    assert(Math.abs(layer.binding_accuracy! - expected.testId!) < 2e-3);
    assert(Math.abs(unseen[i]!.binding_accuracy! - expected.testOod!) < 2e-3);
  });
});

Deno.test("the demo's files show weak slots in the first layers and a clear diagonal later", () => {
  const gaps = known.map((layer) => layer.mean_diagonal! - layer.mean_off_diagonal!);
  assert(gaps[0]! < 0.15);
  assert(gaps.slice(4).every((gap) => gap > 0.75));
});

Deno.test("the demo's files give the reconstruction errors of the training, from a sample", async () => {
  const text = await Deno.readTextFile(new URL("../../demo/METRICS.md", import.meta.url));
  const [supervised, traditionalPart] = text.split("Traditional SAEs");
  const column = (part: string, index: number) =>
    part.split("\n").filter((line) => /^\| \d/.test(line))
      .map((line) => line.split("|").map(Number)).map((row) => [row[1]!, row[index]!] as const);
  for (
    const [results, expected] of [
      [runs.test_id, column(supervised!, 8)],
      [runs.traditional, column(traditionalPart!, 5)],
    ] as const
  ) {
    assert.deepEqual(results.map(({ record }) => record.layer), expected.map(([layer]) => layer));
    results.forEach(({ record: { layer, unexplained_variance: found } }, i) => {
      const [, error] = expected[i]!;
      // Two questions of 750 stand for all: a factor of two.
      assert(found! > error / 2 && found! < error * 2, `${layer}: ${found}`);
    });
  }
});

Deno.test("analyze warns of an SAE that was trained on another layer", async () => {
  using mixed = new TemporaryDirectory();
  const demoPath = (path: string) => `${DEMO}/${path}`;
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
