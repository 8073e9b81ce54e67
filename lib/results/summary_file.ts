/**
 * `analysis_summary.json`: the layers compared, and what the run was made of.
 *
 * @module
 */
import { LAYER_CONVENTION } from "../layer_convention.ts";
import { type Observer, SILENT } from "../observer.ts";
import { bindingAccuracies } from "../stats/binding_accuracy.ts";
import { slotSeparation } from "../stats/slot_separation.ts";
import { InputError, messageOf } from "../errors.ts";
import { exists } from "../files/byte_source.ts";
import { readJson } from "../files/json.ts";
import { summaryPath } from "./file_names.ts";
import {
  type LayerResult,
  questionCount,
  readLayerArray,
  readLayerRecord,
} from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import {
  type AnalysisSummary,
  analysisSummarySchema,
  type LayerRecord,
  type LayerSummary,
  type Provenance,
} from "./schemas.ts";
import { writeJson } from "../files/write_whole.ts";

/**
 * How well the slots of a layer work.
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, summarizeLayer } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto");
 * for await (const layer of analyzeLayers(plan, device)) {
 *   const { mean_diagonal, binding_accuracy } = summarizeLayer(layer);
 *   console.log(mean_diagonal, binding_accuracy);
 * }
 * ```
 */
export function summarizeLayer(
  { record, means, slotActivations }: Pick<LayerResult, "record" | "means" | "slotActivations">,
): LayerSummary {
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
    n_free: common(layers.map(({ n_free }) => n_free)),
    n_relation: common(layers.map(({ n_relation }) => n_relation)),
    layer_convention: LAYER_CONVENTION,
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

/** Writes the summary, whole or not at all. */
export async function writeSummary(directory: string, summary: AnalysisSummary): Promise<string> {
  const path = summaryPath(directory);
  await writeJson(path, summary);
  return path;
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
 * Puts the summary together from what is on disk. What only a run itself knew, the layers that it
 * skipped, is taken from the summary that is there.
 *
 * @param layers The layers, at least one.
 * @throws {InputError} If a file is missing or damaged, or the layers are not of one analysis.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, summarizeDirectory } from "@coact/coact";
 *
 * const outputDirectory = "results/example";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const { layers } = await summarizeDirectory(outputDirectory, [6]);
 * assert.equal(layers[0]?.layer, 6);
 * ```
 */
export async function summarizeDirectory(
  directory: string,
  layers: readonly number[],
  observer: Observer = SILENT,
): Promise<AnalysisSummary> {
  const records: LayerRecord[] = [];
  const summaries: LayerSummary[] = [];
  for (const layer of layers) {
    const record = await readLayerRecord(directory, layer);
    checkSameAnalysis(directory, records[0] ?? record, record);
    records.push(record);
    const means = await readLayerArray(directory, record, "means");
    const slotActivations = record.sae === "traditional"
      ? new Float32Array(0)
      : await readLayerArray(directory, record, "slotActivations");
    summaries.push(summarizeLayer({ record, means, slotActivations }));
  }
  const earlier = await readEarlierSummary(directory, observer);
  const { provenance, relations } = records[0]!;
  return summarizeAnalysis(summaries, {
    samplesPerRelation: Number(provenance.options.samples_per_relation),
    relations,
    skipped: earlier?.layers_skipped.filter(({ layer }) => !layers.includes(layer)) ?? [],
    provenances: records.map(({ provenance }) => provenance),
  });
}

/** The summary is about to be made again, so that a damaged one is no reason to stop. */
async function readEarlierSummary(
  directory: string,
  observer: Observer,
): Promise<AnalysisSummary | undefined> {
  if (!await exists(summaryPath(directory))) return undefined;
  try {
    return await readSummary(directory);
  } catch (error) {
    observer.warn(`${messageOf(error)}; what it said of skipped layers is lost`);
    return undefined;
  }
}

/** Layers may come from several runs, but only of the same model, questions and threshold. */
function checkSameAnalysis(directory: string, first: LayerRecord, other: LayerRecord): void {
  const parts: [string, (record: LayerRecord) => unknown][] = [
    ["relations or numbers of questions", ({ relations }) => relations],
    ["thresholds", ({ activation_threshold }) => activation_threshold],
    ["models or question files", ({ provenance }) => Object.values(provenance.input_sha256)],
  ];
  for (const [what, part] of parts) {
    if (JSON.stringify(part(first)) === JSON.stringify(part(other))) continue;
    throw new InputError(
      `${directory}: layers ${first.layer} and ${other.layer} were analysed with different ` +
        `${what}; analyse them again together`,
    );
  }
}

/**
 * Reads the summary of an earlier run.
 *
 * @throws {InputError} If it is missing or damaged.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeToFiles, readSummary } from "@coact/coact";
 *
 * const outputDirectory = "results/example";
 * await analyzeToFiles({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   outputDirectory,
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 *   device: "auto",
 *   pictures: { dpi: 20 },
 * });
 * const { layers_analyzed } = await readSummary(outputDirectory);
 * assert.deepEqual(layers_analyzed, [6]);
 * ```
 */
export async function readSummary(directory: string): Promise<AnalysisSummary> {
  return await readJson(analysisSummarySchema, summaryPath(directory));
}
