/**
 * How well one layer tells the relations apart, as a few numbers.
 *
 * @module
 */
import { bindingAccuracies } from "../stats/binding_accuracy.ts";
import { aliveFeatures } from "../stats/rank_by_relation.ts";
import { selectiveFeatures } from "../stats/selective_features.ts";
import { slotSeparation } from "../stats/slot_separation.ts";
import { activePerQuestion } from "./active_features.ts";
import { questionCount } from "./artifact.ts";
import type { LayerRecord } from "./layer_record.ts";
import { type LayerResult, readLayerArray } from "./layer_result.ts";
import { type LayerSlots, slotsOf } from "./layer_slots.ts";
import type { SourceRecord } from "./sae_record.ts";
import type { LayerSummary, UnsupervisedSummary } from "./summary_record.ts";

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
  const { layer, hidden_state, sae, freeCount, slotCount, checkpoint, relations } = record;
  const known = { layer, hidden_state, ...sourceOf(record), sae, freeCount, slotCount };
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
  const { diagonal, offDiagonal } = slotSeparation(means, record, slots);
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
  const { relations, freeCount, unexplained_variance } = record;
  const shape = { rows: relations.length, stride: freeCount, end: freeCount };
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

/** What is compared of a layer with others. */
export interface ComparedLayer {
  /** How well its slots work. */
  readonly summary: LayerSummary;
  /** Its slots, for the picture. */
  readonly slots: LayerSlots;
}

/** What is compared of a layer, of its result. */
export function comparedPart(result: SummarySource): ComparedLayer {
  return { summary: summarizeLayer(result), slots: slotsOf(result) };
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
