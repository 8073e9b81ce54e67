/**
 * Which features of a sparse autoencoder light up when a language model is asked about a relation.
 *
 * A notebook would load a model, questions and SAEs, encode, and look at the numbers:
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, summarizeLayer } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [0, 6],
 *   samplesPerRelation: 20,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto");
 * for await (const layer of analyzeLayers(plan, device)) {
 *   console.log(layer.record.layer, summarizeLayer(layer).binding_accuracy);
 * }
 * ```
 *
 * @module
 */
export * from "./lib/advice.ts";
export * from "./lib/analysis.ts";
export * from "./lib/analysis_files.ts";
export * from "./lib/analysis_plan.ts";
export * from "./lib/compute/device.ts";
export { Gpu } from "./lib/compute/gpu.ts";
export * from "./lib/compute/gpu_failures.ts";
export type { OrtBackend, OrtRuntime } from "./lib/compute/ort_session.ts";
export * from "./lib/encode_questions.ts";
export * from "./lib/errors.ts";
export type { Schema, SchemaResult } from "./lib/files/json.ts";
export * from "./lib/layer_convention.ts";
export { type Gpt2Config, gpt2ConfigSchema } from "./lib/lm/gpt2_config.ts";
export type { ActivationFunction } from "./lib/lm/gpt2_config.ts";
export { type Rows, rowsInMemory } from "./lib/files/rows.ts";
export * from "./lib/lm/hidden_states.ts";
export * from "./lib/lm/language_model.ts";
export * from "./lib/lm/state_store.ts";
export * from "./lib/lm/tokenizer.ts";
export type { WeightFile } from "./lib/lm/weights.ts";
export * from "./lib/observer.ts";
export * from "./lib/plot/names.ts";
export type { ColorChoice } from "./lib/plot/pictures/picture_scale.ts";
export * from "./lib/questions.ts";
export * from "./lib/relations.ts";
export { commonFeaturesOf } from "./lib/results/common_features_file.ts";
export * from "./lib/results/layer_result.ts";
export type { PictureOptions } from "./lib/pictures/figure_files.ts";
export * from "./lib/results/schemas.ts";
export { statisticsOf } from "./lib/results/statistics_file.ts";
export * from "./lib/results/summary_file.ts";
export * from "./lib/results/times_file.ts";
export * from "./lib/sae/create_encoder.ts";
export type { Encoded, EncodeInput, Encoder } from "./lib/sae/encoder.ts";
export type { Moments } from "./lib/sae/moments.ts";
export * from "./lib/sae/sae.ts";
export * from "./lib/sae/sae_checkpoint.ts";
export type {
  SupervisedStatistics,
  TraditionalStatistics,
} from "./lib/stats/activation_statistics.ts";
export { bindingAccuracies } from "./lib/stats/binding_accuracy.ts";
export type { CommonFeatures } from "./lib/stats/common_features.ts";
export type { FeatureLayout } from "./lib/stats/feature_layout.ts";
export { type SlotSeparation, slotSeparation } from "./lib/stats/slot_separation.ts";
export { topFeatures } from "./lib/stats/top_features.ts";
export type { DataType, StoredTensor } from "./lib/tensors/stored_tensor.ts";
export { VERSION, versions } from "./lib/version.ts";
