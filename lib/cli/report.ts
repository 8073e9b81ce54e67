/**
 * What an analysis found, as lines for the terminal.
 *
 * @module
 */
import { bestLayer } from "../results/best_layer.ts";
import { compareLayers, type LayerName, layerText } from "../results/layer_name.ts";
import type { AnalysisSummary, LayerSummary } from "../results/summary_record.ts";
import type { AnalysisTimes } from "../results/times_file.ts";
import { duration } from "./terminal.ts";

/**
 * The layers compared in a table, the best of them, and how long each phase took.
 *
 * @param times How long, if that is known.
 */
export function reportLines(summary: AnalysisSummary, times?: AnalysisTimes): string[] {
  const { layers } = summary;
  return [
    "",
    ...tableOfLayers(summary),
    ...tableOfSites(summary),
    ...summary.layer_convention.split(/(?<=\.) /),
    ...bestLayerLines(layers),
    ...timeLines(times?.phase_seconds ?? {}),
  ];
}

/** A row for each layer of AlignSAE's, those without a result in their places; none if there is none. */
function tableOfLayers({ layers, layers_skipped }: AnalysisSummary): string[] {
  const rows = [
    ...layers.filter(({ sae }) => sae !== "unsupervised")
      .map((summary) => ({ layer: summary.layer, line: layerLine(summary) })),
    ...layers_skipped.filter(({ layer }) => typeof layer === "number").map(({ layer }) => {
      return { layer, line: `${String(layer).padStart(5)}  skipped: no SAE checkpoint` };
    }),
  ];
  if (rows.length === 0) return [];
  return [
    "layer  SAE           features  diagonal  off-diagonal  binding accuracy",
    ...rows.sort((a, b) => compareLayers(a.layer, b.layer)).map(({ line }) => line),
    "",
  ];
}

/** A row for each SAE that is not AlignSAE's; none if there is none. */
function tableOfSites({ layers, layers_skipped }: AnalysisSummary): string[] {
  const found = layers.filter(({ sae }) => sae === "unsupervised");
  const skipped = layers_skipped.filter(({ layer }) => typeof layer === "string");
  if (found.length + skipped.length === 0) return [];
  const names = [...found, ...skipped].map(({ layer }) => nameOf(layer).length);
  const width = Math.max("site".length, ...names);
  const kinds = found.map((each) => kindOf(each).length);
  const kindWidth = Math.max("SAE".length, ...kinds);
  const rows = [
    ...found.map((each) => ({ layer: each.layer, line: siteLine(each, { width, kindWidth }) })),
    ...skipped.map(({ layer }) => {
      return { layer, line: `${nameOf(layer).padEnd(width)}  skipped: no SAE` };
    }),
  ];
  return [
    [
      "site".padEnd(width),
      "SAE".padEnd(kindWidth),
      "features   alive  active a question  unexplained variance  selectivity",
    ].join("  "),
    ...rows.sort((a, b) => compareLayers(a.layer, b.layer)).map(({ line }) => line),
    "selectivity: how much more often each relation's most selective feature is active there than in " +
    "any other relation, on average",
    "",
  ];
}

function siteLine(
  summary: LayerSummary,
  { width, kindWidth }: { width: number; kindWidth: number },
): string {
  const { layer, freeCount, features_alive, active_per_question, mean_selectivity } = summary;
  const { unexplained_variance } = summary;
  return [
    nameOf(layer).padEnd(width),
    kindOf(summary).padEnd(kindWidth),
    String(freeCount).padStart(8),
    String(features_alive ?? "–").padStart(6),
    number(active_per_question ?? null, 1).padStart(17),
    number(unexplained_variance ?? null, 3).padStart(20),
    number(mean_selectivity ?? null, 3).padStart(11),
  ].join("  ");
}

/** A number alone would not say which point of the block is meant. */
function nameOf(layer: LayerName): string {
  return typeof layer === "number" ? `pre ${layer}` : layerText(layer);
}

function kindOf({ format, architecture }: LayerSummary): string {
  return `${format} ${architecture}`;
}

/** `1 layer`, `12 layers`. */
export function countLayers(count: number): string {
  return `${count} layer${count === 1 ? "" : "s"}`;
}

function layerLine(summary: LayerSummary): string {
  const { layer, sae, freeCount, slotCount } = summary;
  const features = slotCount > 0 ? `${freeCount}+${slotCount}` : `${freeCount}`;
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
    `largest gap between diagonal and off-diagonal: ${layerText(best.layer)}, ${best.hidden_state}`,
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
