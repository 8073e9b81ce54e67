/**
 * The layers of an analysis compared, and what each was made of: what `analysis_summary.json` says.
 *
 * @module
 */
import { LAYER_CONVENTION, SITE_CONVENTION } from "../lm/layer_convention.ts";
import { compareLayers, type LayerName } from "./layer_name.ts";
import type { Provenance } from "./provenance_record.ts";
import type { AnalysisSummary, LayerSummary } from "./summary_record.ts";

/** What a summary says beside the layers. */
export interface SummaryContext {
  /** How many questions of each relation were asked for, or those of the largest group if all have fewer. */
  samplesPerRelation: number;
  /** The relations and their questions. */
  relations: AnalysisSummary["relations"];
  /** Layers without a result, and why. */
  skipped: AnalysisSummary["layers_skipped"];
  /** What each layer was made of, in the order of the layers. */
  provenances: readonly Provenance[];
}

/** Puts the summary together. */
export function summarizeAnalysis(
  layers: readonly LayerSummary[],
  { samplesPerRelation, relations, skipped, provenances }: SummaryContext,
): AnalysisSummary {
  return {
    layers_analyzed: layers.map(({ layer }) => layer),
    samples_per_relation: samplesPerRelation,
    total_questions: relations.reduce((total, { questions }) => total + questions, 0),
    freeCount: common(layers.map(({ freeCount }) => freeCount)),
    slotCount: common(layers.map(({ slotCount }) => slotCount)),
    layer_convention: layers.some(({ site }) => site !== undefined) ||
        provenances.some(({ options }) => options.position !== undefined)
      ? SITE_CONVENTION
      : LAYER_CONVENTION,
    relations,
    layers: [...layers],
    layers_skipped: skipped,
    provenance: groupByProvenance(layers, provenances),
  };
}

/** The value that all have in common, null if they differ. */
function common(values: readonly number[]): number | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** Layers that were made of the same come together. */
function groupByProvenance(
  layers: readonly LayerSummary[],
  provenances: readonly Provenance[],
): AnalysisSummary["provenance"] {
  const runs = new Map<string, AnalysisSummary["provenance"][number]>();
  layers.forEach(({ layer }, i) => {
    const provenance = provenances[i]!;
    const run = runs.getOrInsert(JSON.stringify(provenance), { ...provenance, layers: [] });
    run.layers.push(layer);
  });
  return [...runs.values()];
}

/**
 * The layers without a result: those that a run skipped, and those that runs before it did.
 *
 * @param analysed Layers that have a result, whatever was said of them.
 */
export function mergeSkipped(
  now: Readonly<AnalysisSummary["layers_skipped"]>,
  earlier: Readonly<AnalysisSummary["layers_skipped"]>,
  analysed: readonly LayerName[],
): AnalysisSummary["layers_skipped"] {
  const known = new Set([...analysed, ...now.map(({ layer }) => layer)]);
  return [...now, ...earlier.filter(({ layer }) => !known.has(layer))]
    .sort((a, b) => compareLayers(a.layer, b.layer));
}
