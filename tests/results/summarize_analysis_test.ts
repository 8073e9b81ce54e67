import assert from "node:assert/strict";
import { LAYER_CONVENTION } from "../../lib/lm/layer_convention.ts";
import { summarizeLayer } from "../../lib/results/layer_summary.ts";
import { summarizeAnalysis } from "../../lib/results/summarize_analysis.ts";
import { summaryText } from "../../lib/results/summary_file.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { GOLDEN, goldenRecord } from "../support/golden.ts";
import { layerRecord, layerResult, traditionalResult } from "../support/layer_results.ts";
import { CONTEXT } from "../support/summary_context.ts";

Deno.test("summarizeAnalysis() puts the layers and what the run knew together", () => {
  const layers = [0, 6].map((layer) => summarizeLayer(layerResult({ layer })));
  const skipped = [{ layer: 3, reason: "No SAE checkpoint found" }];
  const summary = summarizeAnalysis(layers, { ...CONTEXT, skipped });
  assert.deepEqual(summary, {
    layers_analyzed: [0, 6],
    samples_per_relation: 2,
    total_questions: 4,
    freeCount: 3,
    slotCount: 2,
    layer_convention: LAYER_CONVENTION,
    relations: layerRecord().relations,
    layers,
    layers_skipped: skipped,
    provenance: [{ ...layerRecord().provenance, layers: layers.map(({ layer }) => layer) }],
  });
});

Deno.test("summarizeAnalysis() names no size that differs between layers", () => {
  const layers = [layerResult({ layer: 0 }), traditionalResult({ layer: 1 })].map(summarizeLayer);
  const { freeCount, slotCount } = summarizeAnalysis(layers, CONTEXT);
  assert.equal(freeCount, null);
  assert.equal(slotCount, null);
});

Deno.test("summarizeAnalysis() gives the reference's summary", () => {
  const { layers, freeCount, slotCount } = GOLDEN.supervised;
  const { relations } = goldenRecord("supervised", 0);
  const summaries = layers.map((layer) => ({
    ...summarizeLayer(layerResult({ layer })),
    freeCount,
    slotCount,
  }));
  const context = { ...CONTEXT, samplesPerRelation: 30, relations };
  const summary = JSON.parse(summaryText(summarizeAnalysis(summaries, context)));
  const golden = JSON.parse(
    Deno.readTextFileSync(`${REFERENCE}/golden/supervised/analysis_summary.json`),
  );
  assert.deepEqual({ ...summary, ...golden }, summary);
});
