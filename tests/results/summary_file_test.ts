import assert from "node:assert/strict";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import {
  readSummary,
  summarizeDirectory,
  summaryText,
  writeSummary,
} from "../../lib/results/summary_file.ts";
import { summarizeAnalysis } from "../../lib/results/summarize_analysis.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { inputError } from "../support/input_errors.ts";
import { layerRecord, layerResult, traditionalResult } from "../support/layer_results.ts";
import { CONTEXT } from "../support/summary_context.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("summarizeDirectory() makes the summary that the analysis wrote, byte for byte", async () => {
  using directory = new TemporaryDirectory();
  const results = [layerResult({ layer: 0 }), traditionalResult({ layer: 6 })];
  for (const result of results) await writeLayerResult(directory.path, result);
  const path = await writeSummary(
    directory.path,
    summarizeAnalysis(results.map(summarizeLayer), {
      ...CONTEXT,
      skipped: [{ layer: 3, reason: "No SAE checkpoint found" }],
    }),
  );
  const written = Deno.readTextFileSync(path);
  await writeSummary(directory.path, await summarizeDirectory(directory.path, [0, 6]));
  assert.equal(Deno.readTextFileSync(path), written);
});

Deno.test("summarizeDirectory() brings the layers of two runs together", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  const first = summarizeAnalysis([summarizeLayer(layerResult({ layer: 0 }))], {
    ...CONTEXT,
    skipped: [
      { layer: 3, reason: "No SAE checkpoint found" },
      { layer: 6, reason: "No SAE checkpoint found" },
    ],
  });
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));
  await writeSummary(directory.path, first);

  const both = await summarizeDirectory(directory.path, [0, 6]);
  assert.deepEqual(both.layers_analyzed, [0, 6]);
  assert.deepEqual(both.layers.map(({ mean_diagonal }) => mean_diagonal), [3, 3]);
  assert.deepEqual(both.layers_skipped, [{ layer: 3, reason: "No SAE checkpoint found" }]);
});

Deno.test("summarizeDirectory() says of each run which layers it made", async () => {
  using directory = new TemporaryDirectory();
  const elsewhere = layerRecord().provenance;
  elsewhere.backend.device = "cpu";
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  await writeLayerResult(directory.path, layerResult({ layer: 3, provenance: elsewhere }));
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));
  const { provenance } = await summarizeDirectory(directory.path, [0, 3, 6]);
  assert.deepEqual(provenance, [
    { ...layerRecord().provenance, layers: [0, 6] },
    { ...elsewhere, layers: [3] },
  ]);
});

Deno.test("summarizeDirectory() makes a damaged summary again, with a warning", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 6 }));
  const path = directory.write("analysis_summary.json", '{"n_free": 160}'); // as the reference's
  const warnings: string[] = [];
  const observer = { ...SILENT, warn: (message: string) => warnings.push(message) };
  const summary = await summarizeDirectory(directory.path, [6], observer);
  assert.deepEqual(summary.layers_analyzed, [6]);
  assert.equal(warnings.length, 1);
  assert(warnings[0]!.startsWith(path));
});

Deno.test("summarizeDirectory() does without a summary of an earlier run", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const summary = await summarizeDirectory(directory.path, [6]);
  assert.equal(summary.samples_per_relation, 2);
  assert.deepEqual(summary.layers_skipped, []);
});

Deno.test("summarizeDirectory() accepts the same inputs under other paths", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  const moved = layerRecord().provenance;
  moved.input_sha256 = {
    "elsewhere/qa.jsonl": "0a".repeat(32),
    "gpt2/config.json": "0b".repeat(32),
  };
  await writeLayerResult(directory.path, layerResult({ layer: 6, provenance: moved }));
  const { layers_analyzed } = await summarizeDirectory(directory.path, [0, 6]);
  assert.deepEqual(layers_analyzed, [0, 6]);
});

const OTHER_ANALYSES: readonly [what: string, change: (record: LayerRecord) => void][] = [
  ["thresholds", (record) => record.activation_threshold = 0.2],
  ["models or question files", (record) => {
    record.provenance.input_sha256["questions.jsonl"] = "ff".repeat(32);
  }],
  ["relations or numbers of questions", (record) => record.relations[1]!.key = "university"],
  ["prompts or positions in them", (record) => record.provenance.options.position = "mean"],
  ["prompts or positions in them", (record) => record.provenance.options.prepend_bos = "yes"],
  ["prompts or positions in them", (record) => record.provenance.options.text_field = "text"],
  ["fields of persons", (record) => record.provenance.options.cluster_field = "who"],
];

for (const [i, [what, change]] of OTHER_ANALYSES.entries()) {
  Deno.test(`summarizeDirectory() refuses layers that were analysed with other ${what} (${i + 1})`, async () => {
    using directory = new TemporaryDirectory();
    for (const layer of [0, 3]) await writeLayerResult(directory.path, layerResult({ layer }));
    const other: LayerResult = layerResult({ layer: 6 });
    change(other.record);
    await writeLayerResult(directory.path, other);
    await assert.rejects(
      summarizeDirectory(directory.path, [0, 3, 6]),
      inputError(
        `${directory.path}: layers 0 and 6 were analysed with different ${what}; analyse them ` +
          "again together, or take layers that belong together: --layers 0,3 or --layers 6",
      ),
    );
  });
}

Deno.test("summarizeDirectory() names the layer that has no analysis", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult({ layer: 0 }));
  await assert.rejects(
    summarizeDirectory(directory.path, [0, 6]),
    inputError(/layer06_analysis.json is missing; make it with: deno task analyze --layers 6/),
  );
});

Deno.test("readSummary() reads a summary that holds times, as they once did", async () => {
  using directory = new TemporaryDirectory();
  const summary = summarizeAnalysis([summarizeLayer(layerResult())], CONTEXT);
  const file = JSON.parse(summaryText(summary));
  const old = JSON.stringify({ ...file, phase_seconds: { SAEs: 1.5 } });
  directory.write("analysis_summary.json", old);
  assert.deepEqual(await readSummary(directory.path), summary);
});

Deno.test("readSummary() names the field that is wrong", async () => {
  using directory = new TemporaryDirectory();
  const summary = summarizeAnalysis([summarizeLayer(layerResult())], CONTEXT);
  const path = directory.write(
    "analysis_summary.json",
    JSON.stringify({ ...JSON.parse(summaryText(summary)), total_questions: -4 }),
  );
  await assert.rejects(
    readSummary(directory.path),
    inputError(new RegExp(`^${path}: total_questions: `)),
  );
});

Deno.test("readSummary() says which file does not exist", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    readSummary(directory.path),
    inputError(`${directory.path}/analysis_summary.json does not exist`),
  );
});
