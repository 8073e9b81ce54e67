/**
 * `analysis_summary.json`: the layers compared, and what the run was made of.
 *
 * @module
 */
import { LAYER_CONVENTION } from "../layer_convention.ts";
import { bindingAccuracies } from "../stats/binding_accuracy.ts";
import { slotSeparation } from "../stats/slot_separation.ts";
import { readJson } from "../files/json.ts";
import { summaryPath } from "./file_names.ts";
import { type LayerResult, questionCount } from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import {
  type AnalysisSummary,
  analysisSummarySchema,
  type LayerSummary,
  type RunRecord,
} from "./schemas.ts";
import { writeJson } from "../files/write_whole.ts";

/** What the summary of a layer is made of. */
type Ingredients = Pick<LayerResult, "record" | "means" | "slotActivations">;

/** How well the slots of a layer work. */
export function summarizeLayer({ record, means, slotActivations }: Ingredients): LayerSummary {
  const { layer, hidden_state, sae, n_free, n_relation, checkpoint, relations } = record;
  const known = { layer, hidden_state, sae, n_free, n_relation };
  if (sae === "traditional") {
    return {
      ...known,
      mean_diagonal: null,
      mean_off_diagonal: null,
      binding_accuracy: null,
      binding_accuracy_by_relation: null,
      checkpoint,
    };
  }
  const slots = relations.map(({ index }) => index);
  const { diagonal, offDiagonal } = slotSeparation(means, layoutOf(record), slots);
  const groups = relations.map(({ index, questions }) => ({ size: questions, slot: index }));
  const accuracies = bindingAccuracies(slotActivations, groups);
  const right = accuracies.reduce((sum, share, i) => sum + share * relations[i]!.questions, 0);
  return {
    ...known,
    mean_diagonal: diagonal,
    mean_off_diagonal: offDiagonal,
    binding_accuracy: Math.round(right) / questionCount(record),
    binding_accuracy_by_relation: Object.fromEntries(
      relations.map(({ key }, i) => [key, accuracies[i]!]),
    ),
    checkpoint,
  };
}

/** What a summary says beside the layers. */
export interface SummaryContext {
  /** How many questions of each relation were asked for. */
  samplesPerRelation: number;
  /** The relations and their questions. */
  relations: AnalysisSummary["relations"];
  /** Layers without a result, and why. */
  skipped: AnalysisSummary["layers_skipped"];
  /** The run that made the results. */
  run: RunRecord;
}

/** Puts the summary together. */
export function summarizeAnalysis(
  layers: readonly LayerSummary[],
  { samplesPerRelation, relations, skipped, run }: SummaryContext,
): AnalysisSummary {
  return {
    layers_analyzed: layers.map(({ layer }) => layer),
    samples_per_relation: samplesPerRelation,
    total_questions: relations.reduce((total, { questions }) => total + questions, 0),
    n_free: common(layers.map(({ n_free }) => n_free)),
    n_relation: common(layers.map(({ n_relation }) => n_relation)),
    layer_convention: LAYER_CONVENTION,
    relations,
    layers: [...layers],
    layers_skipped: skipped,
    run,
  };
}

/** The value that all have in common, null if they differ. */
function common(values: readonly number[]): number | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** Writes the summary, whole or not at all. */
export async function writeSummary(directory: string, summary: AnalysisSummary): Promise<string> {
  const path = summaryPath(directory);
  await writeJson(path, summary);
  return path;
}

/**
 * Reads the summary of an earlier run.
 *
 * @throws {InputError} If it is missing or damaged.
 */
export async function readSummary(directory: string): Promise<AnalysisSummary> {
  return await readJson(analysisSummarySchema, summaryPath(directory));
}
