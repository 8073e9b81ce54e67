import assert from "node:assert/strict";
import { reportLines } from "../../lib/cli/report.ts";
import { LAYER_CONVENTION } from "../../lib/lm/layer_convention.ts";
import type { AnalysisSummary, LayerSummary } from "../../lib/results/summary_record.ts";
import { layerRecord } from "../support/layer_results.ts";

const LAYER: LayerSummary = {
  layer: 6,
  hidden_state: "hidden_states[6]",
  sae: "supervised",
  freeCount: 10_000,
  slotCount: 6,
  mean_diagonal: 4.5678,
  mean_off_diagonal: -0.1234,
  binding_accuracy: 0.9876,
  binding_accuracy_by_relation: {},
  checkpoint: layerRecord().checkpoint,
};

const TRADITIONAL: LayerSummary = {
  ...LAYER,
  sae: "traditional",
  slotCount: 0,
  mean_diagonal: null,
  mean_off_diagonal: null,
  binding_accuracy: null,
  binding_accuracy_by_relation: null,
};

Deno.test("reportLines() aligns the numbers with the right ends of their headings", () => {
  const lines = reportLines(summaryOf([{ ...LAYER, layer: 0 }, { ...LAYER, layer: 11 }]));
  assert.deepEqual(lines.slice(1, 4), [
    "layer  SAE           features  diagonal  off-diagonal  binding accuracy",
    "    0  supervised     10000+6     4.568        -0.123            98.8 %",
    "   11  supervised     10000+6     4.568        -0.123            98.8 %",
  ]);
});

Deno.test("reportLines() writes a dash where a layer has nothing to say", () => {
  const lines = reportLines(summaryOf([
    TRADITIONAL,
    { ...LAYER, layer: 7, freeCount: 3, slotCount: 1, mean_off_diagonal: null },
  ]));
  assert.deepEqual(lines.slice(2, 4), [
    "    6  traditional      10000         –             –                 –",
    "    7  supervised         3+1     4.568             –            98.8 %",
  ]);
});

Deno.test("reportLines() lists the layers that were skipped", () => {
  const lines = reportLines(summaryOf([LAYER], {
    layers_skipped: [{ layer: 7, reason: "No SAE checkpoint found" }],
  }));
  assert.equal(lines[3], "    7  skipped: no SAE checkpoint");
});

Deno.test("reportLines() says what a layer is", () => {
  assert(reportLines(summaryOf([LAYER])).join(" ").includes(LAYER_CONVENTION));
});

Deno.test("reportLines() names the layer with the largest gap, the lower one of two", () => {
  const gaps = [[0, 1, 0.5], [5, 3, 1], [8, 2.5, 0.5], [9, 9, 8]] as const;
  const lines = reportLines(summaryOf(gaps.map(([layer, on, off]) => ({
    ...LAYER,
    layer,
    hidden_state: `hidden_states[${layer}]`,
    mean_diagonal: on,
    mean_off_diagonal: off,
  }))));
  assert(lines.includes(
    "largest gap between diagonal and off-diagonal: layer 5, hidden_states[5]",
  ));
});

Deno.test("reportLines() names no best layer if there is one with slots, or none", () => {
  for (const layers of [[LAYER], [LAYER, { ...TRADITIONAL, layer: 7 }], [TRADITIONAL]]) {
    assert.doesNotMatch(reportLines(summaryOf(layers)).join("\n"), /largest gap/);
  }
});

Deno.test("reportLines() ends with how long each phase took", () => {
  const lines = reportLines(summaryOf([LAYER]), {
    layers_analyzed: [6],
    phase_seconds: { "language model": 192.5, SAEs: 4.25 },
  });
  assert.equal(
    lines.at(-1),
    "time of the analysis: language model 3 min 12 s, SAEs with their pictures 4.3 s",
  );
});

Deno.test("reportLines() says nothing of the time if it is not known", () => {
  const lines = reportLines(summaryOf([LAYER]));
  assert.doesNotMatch(lines.join("\n"), /time of/);
});

function summaryOf(
  layers: LayerSummary[],
  changes: Partial<AnalysisSummary> = {},
): AnalysisSummary {
  return {
    layers_analyzed: layers.map(({ layer }) => layer),
    samples_per_relation: 2,
    total_questions: 4,
    freeCount: null,
    slotCount: null,
    layer_convention: LAYER_CONVENTION,
    relations: layerRecord().relations,
    layers,
    layers_skipped: [],
    provenance: [],
    ...changes,
  };
}
