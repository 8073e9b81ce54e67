/**
 * `analysis_summary.json`: the layers compared, and what the run was made of.
 *
 * @module
 */
import { LAYER_CONVENTION, SITE_CONVENTION } from "../lm/layer_convention.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { bindingAccuracies } from "../stats/binding_accuracy.ts";
import { aliveFeatures } from "../stats/rank_by_relation.ts";
import { selectiveFeatures } from "../stats/selective_features.ts";
import { slotSeparation } from "../stats/slot_separation.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import { readJson } from "../files/json.ts";
import { activePerQuestion } from "./active_features.ts";
import { byRelation } from "./by_relation.ts";
import { layerPath, summaryPath } from "./file_names.ts";
import { questionCount } from "./artifact.ts";
import { RECORD } from "./artifacts/all.ts";
import { compareLayers, type LayerName, layerText } from "./layer_name.ts";
import { type LayerResult, readLayerArray, readLayerRecord } from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import { differenceOf, recordsWith } from "./same_analysis.ts";
import {
  type AnalysisSummary,
  analysisSummarySchema,
  type LayerRecord,
  type LayerSummary,
  type Provenance,
  type SourceRecord,
  type UnsupervisedSummary,
} from "./schemas.ts";
import { writeJson } from "../files/write_whole.ts";

/**
 * How well the slots of a layer work; of an SAE that is not AlignSAE's, how well its features tell the
 * relations apart.
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
  result: SummarySource,
): LayerSummary {
  const { record, means, slotActivations } = result;
  const { layer, hidden_state, sae, n_free, n_relation, checkpoint, relations } = record;
  const known = { layer, hidden_state, ...sourceOf(record), sae, n_free, n_relation };
  if (sae !== "supervised") {
    return {
      ...known,
      mean_diagonal: null,
      mean_off_diagonal: null,
      binding_accuracy: null,
      binding_accuracy_by_relation: null,
      ...(sae === "unsupervised" && summarizeFeatures(result)),
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

/** What is said of an SAE that is not AlignSAE's. */
function sourceOf(record: LayerRecord): SourceRecord {
  const { site, format, architecture, k, signed, centred, declared_l0 } = record;
  const said = { site, format, architecture, k, signed, centred, declared_l0 };
  return Object.fromEntries(Object.entries(said).filter((part) => part[1] !== undefined));
}

/** How sparse an SAE without slots is, and how well its features tell the relations apart. */
function summarizeFeatures({ record, means, consistency }: SummarySource): UnsupervisedSummary {
  const { relations, n_free, unexplained_variance } = record;
  const shape = { rows: relations.length, stride: n_free, end: n_free };
  const found = selectiveFeatures(consistency, shape);
  const gaps = found.map(({ active, elsewhere }) => active - elsewhere);
  return {
    unexplained_variance: unexplained_variance ?? null,
    active_per_question: activePerQuestion(record, consistency),
    features_alive: aliveFeatures(means, shape).length,
    mean_selectivity: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    most_selective: Object.fromEntries(relations.map(({ key }, row) => {
      const { feature, active, elsewhere } = found[row]!;
      return [key, { feature, active, active_elsewhere: elsewhere }];
    })),
  };
}

/** What a layer is summarised from. What an SAE of its kind does not need may be empty. */
export type SummarySource = Pick<
  LayerResult,
  "record" | "means" | "consistency" | "slotActivations"
>;

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
    layer_convention: layers.some(({ site }) => site !== undefined)
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

/** Writes the summary, whole or not at all. */
export async function writeSummary(directory: string, summary: AnalysisSummary): Promise<string> {
  const path = summaryPath(directory);
  await writeJson(path, { ...summary, layers: summary.layers.map((layer) => inOrder(layer)) });
  return path;

  function inOrder(layer: LayerSummary): object {
    const { binding_accuracy_by_relation: accuracies, most_selective: features } = layer;
    const { relations } = summary;
    return {
      ...layer,
      ...(accuracies && { binding_accuracy_by_relation: byRelation(relations, accuracies) }),
      ...(features && { most_selective: byRelation(relations, features) }),
    };
  }
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
 * const outputDirectory = "results/example_summary";
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
  layers: readonly LayerName[],
  observer: Observer = SILENT,
): Promise<AnalysisSummary> {
  const records: LayerRecord[] = [];
  const summaries: LayerSummary[] = [];
  for (const layer of layers) records.push(await readLayerRecord(directory, layer));
  checkSameAnalysis(directory, records);
  for (const record of records) {
    summaries.push(summarizeLayer(await readForSummary(directory, record)));
  }
  const earlier = await readEarlierSummary(directory, observer);
  return summarizeAnalysis(summaries, {
    samplesPerRelation: samplesOf(directory, records[0]!),
    relations: records[0]!.relations,
    skipped: mergeSkipped([], earlier?.layers_skipped ?? [], layers),
    provenances: records.map(({ provenance }) => provenance),
  });
}

/** Reads what {@linkcode summarizeLayer} needs of a layer. */
export async function readForSummary(
  directory: string,
  record: LayerRecord,
): Promise<SummarySource> {
  const means = await readLayerArray(directory, record, "means");
  const slotActivations = record.sae === "supervised"
    ? await readLayerArray(directory, record, "slotActivations")
    : new Float32Array(0);
  const consistency = record.sae === "unsupervised"
    ? await readLayerArray(directory, record, "consistency")
    : new Float64Array(0);
  return { record, means, consistency, slotActivations };
}

/** How many questions of each relation an analysis was asked for. */
function samplesOf(directory: string, { layer, provenance }: LayerRecord): number {
  const asked = provenance.options.samples_per_relation;
  if (typeof asked === "number" && Number.isSafeInteger(asked) && asked > 0) return asked;
  throw new InputError(
    `${layerPath(directory, layer, RECORD.file)}: provenance.options.samples_per_relation is ` +
      `${JSON.stringify(asked)}, expected a whole number of at least 1`,
  );
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

/**
 * The summary that is there. It is about to be made again, so that a damaged one is no reason to
 * stop.
 *
 * @param observer Warned of a damaged one.
 */
export async function readEarlierSummary(
  directory: string,
  observer: Observer = SILENT,
): Promise<AnalysisSummary | undefined> {
  try {
    if (!await isFileThere(summaryPath(directory))) return undefined;
    return await readSummary(directory);
  } catch (error) {
    observer.warn(`${messageOf(error)}; what it said of skipped layers is lost`);
    return undefined;
  }
}

/**
 * Makes sure that layers are of one analysis.
 *
 * @throws {InputError} If they are not.
 */
export function checkSameAnalysis(directory: string, records: readonly LayerRecord[]): void {
  const [first] = records;
  const other = records.find((record) => differenceOf(first!, record) !== undefined);
  if (other === undefined) return;
  const together = (record: LayerRecord) =>
    recordsWith(record, records).map(({ layer }) => layer).join(",");
  const both = typeof first!.layer === "number" && typeof other.layer === "number"
    ? `layers ${first!.layer} and ${other.layer}`
    : `${layerText(first!.layer)} and ${layerText(other.layer)}`;
  throw new InputError(
    `${directory}: ${both} were analysed with different ` +
      `${differenceOf(first!, other)}; analyse them again together, or take layers that belong ` +
      `together: ${together(first!)} or ${together(other)}`,
  );
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
 * const outputDirectory = "results/example_read_summary";
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
