/**
 * What an analysis found, as lines for the terminal.
 *
 * @module
 */
import { LAYER_CONVENTION } from "../lm/layer_convention.ts";
import { bestLayer } from "../results/best_layer.ts";
import type { AnalysisSummary, AnalysisTimes, LayerSummary } from "../results/schemas.ts";
import { duration } from "./terminal.ts";

/**
 * The layers compared in a table, the best of them, and how long each phase took.
 *
 * @param times How long, if that is known.
 */
export function reportLines(summary: AnalysisSummary, times?: AnalysisTimes): string[] {
  const { layers, layers_skipped } = summary;
  return [
    "",
    "layer  SAE           features  diagonal  off-diagonal  binding accuracy",
    ...rowLines(layers, layers_skipped),
    "",
    ...LAYER_CONVENTION.split(/(?<=\.) /),
    ...bestLayerLines(layers),
    ...timeLines(times?.phase_seconds ?? {}),
  ];
}

/** A row for each layer, those without a result in their places. */
function rowLines(
  layers: readonly LayerSummary[],
  skipped: AnalysisSummary["layers_skipped"],
): string[] {
  const rows = [
    ...layers.map((summary) => ({ layer: summary.layer, line: layerLine(summary) })),
    ...skipped.map(({ layer }) => {
      return { layer, line: `${String(layer).padStart(5)}  skipped: no SAE checkpoint` };
    }),
  ];
  return rows.sort((a, b) => a.layer - b.layer).map(({ line }) => line);
}

/** `1 layer`, `12 layers`. */
export function countLayers(count: number): string {
  return `${count} layer${count === 1 ? "" : "s"}`;
}

function layerLine(summary: LayerSummary): string {
  const { layer, sae, n_free, n_relation } = summary;
  const features = n_relation > 0 ? `${n_free}+${n_relation}` : `${n_free}`;
  const { mean_diagonal, mean_off_diagonal, binding_accuracy } = summary;
  return [
    String(layer).padStart(5),
    sae.padEnd(11),
    features.padStart(9),
    number(mean_diagonal, 3).padStart(8),
    number(mean_off_diagonal, 3).padStart(12),
    (binding_accuracy === null ? "–" : `${(100 * binding_accuracy).toFixed(1)} %`).padStart(16),
  ].join("  ");
}

/** The guide's question: which layer is best for interventions? */
function bestLayerLines(layers: readonly LayerSummary[]): string[] {
  const best = bestLayer(layers);
  return best === undefined ? [] : [
    `largest gap between diagonal and off-diagonal: layer ${best.layer}, ${best.hidden_state}`,
  ];
}

function timeLines(phaseSeconds: Readonly<Record<string, number>>): string[] {
  const phases = Object.entries(phaseSeconds).map(([name, seconds]) => {
    // The pictures of one layer are drawn while the next one is encoded.
    return `${name === "SAEs" ? "SAEs with their pictures" : name} ${duration(seconds)}`;
  });
  return phases.length === 0 ? [] : [`time of the analysis: ${phases.join(", ")}`];
}

function number(value: number | null, digits: number): string {
  return value === null ? "–" : value.toFixed(digits);
}
