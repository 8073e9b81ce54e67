import assert from "node:assert/strict";
import { byRelation } from "../../lib/results/by_relation.ts";
import { statistics } from "../../lib/results/artifacts/statistics.ts";
import { commonFeatures } from "../../lib/results/artifacts/common_features.ts";
import { tableText } from "../../lib/results/table_file.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { writeSummary } from "../../lib/results/summary_file.ts";
import { summarizeAnalysis } from "../../lib/results/summarize_analysis.ts";
import { layerResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const RELATIONS = ["7", "constructor", "2"].map((key) => ({ key }));

Deno.test("byRelation() gives values the order of the relations", () => {
  assert.deepEqual([...byRelation(RELATIONS, { "2": "c", "7": "a", constructor: "b" })], [
    ["7", "a"],
    ["constructor", "b"],
    ["2", "c"],
  ]);
});

Deno.test("byRelation() leaves out what has no value, and puts last what is of no relation", () => {
  assert.deepEqual([...byRelation(RELATIONS, { "0": "x", "2": "c" })], [["2", "c"], ["0", "x"]]);
});

Deno.test("the files by relation have the relations in their order, whatever they are named", async () => {
  const result = layerResult({
    relations: [
      { index: 0, key: "2", label: "2", questions: 2 },
      { index: 1, key: "1", label: "1", questions: 2 },
    ],
  });
  const keysIn = (text: string) => [...text.matchAll(/^ {2}"(\d)": /gm)].map(([, key]) => key);
  assert.deepEqual(keysIn(tableText(statistics, result)), ["2", "1"]);
  assert.deepEqual(keysIn(tableText(commonFeatures, result)), ["2", "1"]);
  using directory = new TemporaryDirectory();
  const { relations, provenance } = result.record;
  const summary = summarizeAnalysis([summarizeLayer(result)], {
    samplesPerRelation: 2,
    relations,
    skipped: [],
    provenances: Array(12).fill(provenance),
  });
  const text = Deno.readTextFileSync(await writeSummary(directory.path, summary));
  assert.match(text, /"binding_accuracy_by_relation": \{\s+"2": 1,\s+"1": 0.5\s+\}/);
});
