import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { summaryText } from "../../lib/results/summary_file.ts";
import { summarizeAnalysis } from "../../lib/results/summarize_analysis.ts";
import { analysisSummarySchema } from "../../lib/results/summary_record.ts";
import { layerRecord, layerResult } from "../support/layer_results.ts";
import { testSchema } from "../support/schema_cases.ts";

const SUMMARY = summarizeAnalysis([summarizeLayer(layerResult())], {
  samplesPerRelation: 2,
  relations: layerRecord().relations,
  skipped: [{ layer: 7, reason: "No SAE checkpoint found" }],
  provenances: Array(12).fill(layerRecord().provenance),
});

testSchema("the summary", {
  schema: analysisSummarySchema,
  value: SUMMARY,
  file: JSON.parse(summaryText(SUMMARY)),
}, [
  ["a label of 20,000 letters", (file) => file.relations[1].label = "x".repeat(20_000)],
  ["a layer that is there twice", (file) => file.layers_analyzed = [6, 6]],
  ["two results of a layer", (file) => file.layers.push(file.layers[0])],
  ["a layer skipped twice", (file) => file.layers_skipped.push(file.layers_skipped[0])],
  ["thousands of skipped layers", (file) => {
    file.layers_skipped = Array.from({ length: 5000 }, (_, layer) => ({ layer, reason: "none" }));
  }],
  ["a key that is there twice", (file) => file.relations[1].key = "birth_date"],
  ["a missing list of layers", (file) => delete file.layers_analyzed],
  ["an accuracy beyond 1", (file) => file.layers[0].binding_accuracy = 50],
  ["a skipped layer without a reason", (file) => delete file.layers_skipped[0].reason],
  ["no questions", (file) => file.total_questions = 0],
]);
