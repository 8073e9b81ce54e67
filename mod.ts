/**
 * Which features of a sparse autoencoder light up when a language model is asked about a relation.
 *
 * A notebook opens a model, questions and SAEs, encodes, and looks at the numbers:
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
// The whole analysis: a plan, its layers, its files.
export type {
  AnalysisFileOptions,
  AnalysisOutcome,
  AnalysisRun,
} from "./lib/analysis/run_options.ts";
export { analyzeToFiles } from "./lib/analysis/run.ts";
export { analyzeLayers } from "./lib/analysis/layers.ts";
export { type AnalysisOptions, type AnalysisPlan, planAnalysis } from "./lib/analysis/plan/plan.ts";
export type { QuestionWish } from "./lib/prompts/asked_questions.ts";
export type { SaeWish } from "./lib/analysis/plan/planned_sae.ts";
export { workOf } from "./lib/lm/work.ts";
export type { Observer } from "./lib/base/observer.ts";

// Where it computes.
export { availableDevices, type DeviceState } from "./lib/compute/available_devices.ts";
export {
  type ComputeDevice,
  describeDevice,
  DEVICE_REQUESTS,
  type DeviceRequest,
  openDevice,
} from "./lib/compute/device.ts";
export type { Work } from "./lib/compute/faster_device.ts";
export type { Gpu } from "./lib/compute/gpu.ts";
export type { GpuFailures, GpuLostError, GpuMemoryError } from "./lib/compute/gpu_failures.ts";
export type { OrtBackend } from "./lib/compute/ort_backend.ts";
export type { OrtRuntime } from "./lib/compute/ort_session.ts";

// The language model and its hidden states.
export {
  type DecoderModel,
  type LanguageModel,
  openLanguageModel,
} from "./lib/lm/language_model.ts";
export type { PromptedModel } from "./lib/prompts/prompted_model.ts";
export type { Tokenizer } from "./lib/lm/tokenizer.ts";
export type { TokenSpan } from "./lib/lm/tokenizer/bpe.ts";
export type { Deviation, NamedToken } from "./lib/lm/tokenizer/pipeline.ts";
export type { Measure, Selectivity } from "./lib/stats/selectivity/selectivity.ts";
export type { Decoder, DecoderConfig } from "./lib/lm/decoder.ts";
export type { ModelWeights } from "./lib/lm/weights.ts";
export type { RowRange, TensorFile, TensorInfo, TensorPlace } from "./lib/tensors/tensor_file.ts";
export type { DataType } from "./lib/tensors/stored_tensor.ts";
export { collectHiddenStates, type HiddenStateOptions } from "./lib/lm/hidden_states.ts";
export type { StateStore, StateStoreOptions } from "./lib/lm/state_store.ts";
export { describeLayer, LAYER_CONVENTION } from "./lib/lm/layer_convention.ts";
export {
  type BlockPoint,
  type BlockSite,
  type FinalSite,
  parseSite,
  type Site,
} from "./lib/lm/site.ts";
export { type BlockSites, listSites, parseSiteList, type SiteList } from "./lib/lm/site_list.ts";

// Prompts of any fields, their labels, and where in them a state is read.
export { type Prompt, type PromptFile, readPrompts } from "./lib/questions/prompt_file.ts";
export type { PromptFields } from "./lib/questions/prompt_fields.ts";
export type { Fields, PromptLine, Scalar, WrittenNumber } from "./lib/questions/fields.ts";
export type { LineFormat } from "./lib/questions/prompt_lines.ts";
export { groupByLabel, type Grouping, type LabelledLine } from "./lib/questions/labels.ts";
export { parseTemplate, type Template } from "./lib/questions/template.ts";
export {
  type Occurrence,
  parsePosition,
  type Pooling,
  type Position,
} from "./lib/questions/position.ts";
export type { PromptSettings } from "./lib/prompts/prompt_settings.ts";
export { poolStates, type StatePooling } from "./lib/lm/pool_states.ts";
export {
  type StatesOptions,
  type StatesOutcome,
  statesToFiles,
} from "./lib/states/states_to_files.ts";

// Questions and relations.
export { type Question, type QuestionFile, readQuestions } from "./lib/questions/question_file.ts";
export { type QuestionLine, questionLineSchema } from "./lib/questions/question_line.ts";
export { promptOf } from "./lib/questions/prompt.ts";
export { type QuestionSample, sampleQuestions } from "./lib/questions/sample.ts";
export { listRelations, pickRelations, type Relation } from "./lib/questions/relations.ts";

// SAEs, and what they make of hidden states.
export { findCheckpoint } from "./lib/sae/formats/find_checkpoint.ts";
export {
  loadDecoder,
  type LoadedDecoder,
  type LoadedSae,
  loadSae,
  type MatrixOptions,
} from "./lib/sae/formats/load_checkpoint.ts";
export { openSaeCheckpoint, type SaeCheckpoint } from "./lib/sae/formats/sae_checkpoint.ts";
export { openSae } from "./lib/sae/open_sae.ts";
export type { OpenedSae, Prediction, SaeOptions } from "./lib/sae/formats/format.ts";
export type {
  DecoderWeights,
  EncoderWeights,
  Sae,
  SaeDecoder,
  SaeKind,
  SaeShape,
  Target,
} from "./lib/sae/sae.ts";
export { type ActivationSource, decodeRows, type Decoding } from "./lib/sae/decode.ts";
export type { Activation } from "./lib/sae/activation.ts";
export type { InputStep } from "./lib/sae/input.ts";
export type { Pursuit } from "./lib/sae/pursuit.ts";
export type { Cutoffs, TopK } from "./lib/sae/top_k.ts";
export { encodeStates, type EncodeStatesOptions } from "./lib/sae/encode/encode_states.ts";
export { encodeQuestions, type QuestionActivations } from "./lib/analysis/encode_questions.ts";
export { createEncoder, type EncoderOptions } from "./lib/sae/encode/create_encoder.ts";
export type { Encoded, EncodeInput, Encoder } from "./lib/sae/encode/encoder.ts";
export type { Disagreement } from "./lib/sae/encode/disagreement.ts";
export {
  type FeatureRange,
  type FeatureRows,
  wholeColumns,
  wholeRows,
} from "./lib/sae/feature_rows.ts";
export type { ColumnsReduction, FeatureColumns } from "./lib/sae/encode/columns.ts";
export type { ExactSums } from "./lib/sae/encode/exact_sums.ts";
export type { Segmentation } from "./lib/sae/encode/question_tiles.ts";
export type { ExtraReduction, Reductions } from "./lib/sae/encode/reductions.ts";
export { type Rows, rowsInMemory } from "./lib/files/rows.ts";

// Features of states that are stored already, in files.
export { type EncodeFileOptions, encodeToFiles } from "./lib/features/encode_to_files.ts";
export type { EncodeRecord } from "./lib/features/encode_record.ts";

// Whether an SAE is what it seems.
export { type Examination, type ExaminationOptions, examineSae } from "./lib/doctor/examine_sae.ts";
export type { ModelFit } from "./lib/doctor/model_fit.ts";
export type { WeightExamination } from "./lib/doctor/examine_weights.ts";
export type { DecoderLengths } from "./lib/doctor/decoder_lengths.ts";
export type { Finding } from "./lib/doctor/finding.ts";
export type { SiteFit } from "./lib/doctor/better_neighbour.ts";
export type { PlaceFits } from "./lib/doctor/site_fits.ts";
export type { TrialFits, TrialKind } from "./lib/doctor/trial.ts";
export type { Fit } from "./lib/doctor/fit_meter.ts";

// Statistics.
export { assignApart, type Candidate } from "./lib/stats/assigned_apart.ts";
export { type Auroc, auroc } from "./lib/stats/auroc.ts";
export { aurocByWording, doWordingsAgree } from "./lib/stats/auroc_by_wording.ts";
export { aurocInfluence, type Influence, sumInfluences } from "./lib/stats/auroc_influence.ts";
export { aurocInterval } from "./lib/stats/auroc_interval.ts";
export { benjaminiHochberg } from "./lib/stats/benjamini_hochberg.ts";
export { bindingAccuracies } from "./lib/stats/binding_accuracy.ts";
export {
  type BootstrapT,
  bootstrapT,
  drawPersons,
  type Resamples,
} from "./lib/stats/bootstrap_t.ts";
export {
  clusteredMean,
  type Estimate,
  type MeanKind,
  type PersonSums,
} from "./lib/stats/clustered_mean.ts";
export { type ClusteredVariance, clusteredVariance } from "./lib/stats/clustered_variance.ts";
export { blindOverlaps, type DrawnRange, drawnRange } from "./lib/stats/blind_overlaps.ts";
export {
  clusterCorrelation,
  type ClusterInfluences,
  clusterInfluences,
  influenceVariance,
  meanInfluences,
  type QuestionClusters,
} from "./lib/stats/cluster_influences.ts";
export { type CrossedIntervals, crossedIntervals } from "./lib/stats/crossed_intervals.ts";
export { crossedShare } from "./lib/stats/crossed_share.ts";
export { doubledMidranks } from "./lib/stats/doubled_midranks.ts";
export { differenceInterval, type Estimated } from "./lib/stats/difference_interval.ts";
export { type EffectiveNumber, effectiveNumber } from "./lib/stats/effective_number.ts";
export {
  estimateAuroc,
  type EstimatedAuroc,
  type EstimateDesign,
} from "./lib/stats/estimated_auroc.ts";
export { influenceInterval } from "./lib/stats/influence_interval.ts";
export { type LengthControl, lengthControl } from "./lib/stats/length_control.ts";
export { type ListOverlap, listOverlap } from "./lib/stats/list_overlap.ts";
export { fitLogistic, type LogisticFit, logOdds } from "./lib/stats/logistic.ts";
export { type MeanOverGroups, meanOverGroups } from "./lib/stats/mean_over_groups.ts";
export { type MaxT, maxT, permutedGroups } from "./lib/stats/max_t.ts";
export { lnNormalTail, log10NormalTwoSided } from "./lib/stats/normal_tail.ts";
export { blockScores, type PersonBlocks, personBlocks } from "./lib/stats/person_blocks.ts";
export { type PersonHalves, personHalves } from "./lib/stats/person_halves.ts";
export { influenceCorrelation, personInfluences } from "./lib/stats/person_influence.ts";
export { chooseByAuroc, chooseForward, type ProbeScore, scoreProbe } from "./lib/stats/probe.ts";
export { type RankSumTail, rankSumTail } from "./lib/stats/rank_sum_tail.ts";
export { type SampleMoments, sampleMoments } from "./lib/stats/sample_moments.ts";
export { log10StudentTwoSided, studentQuantile } from "./lib/stats/t_tail.ts";
export { type ClusterVariances, twoWayVariance } from "./lib/stats/two_way_variance.ts";
export {
  type ClusteredShare,
  clusteredWilson,
  type Interval,
  type Share,
  wilson,
} from "./lib/stats/wilson.ts";
export { sharedCounts, topLists } from "./lib/stats/shared_features.ts";
export { type SlotSeparation, slotSeparation } from "./lib/stats/slot_separation.ts";
export { topFeatures } from "./lib/stats/top_features.ts";
export { type UnequalAsking, unequalAsking } from "./lib/stats/unequal_asking.ts";
export type { CommonFeatures } from "./lib/stats/common_features.ts";
export type { FeatureLayout } from "./lib/stats/feature_layout.ts";
export type {
  SupervisedStatistics,
  TraditionalStatistics,
} from "./lib/stats/activation_statistics.ts";

// Results, in memory and on disk.
export type { LayerArrays } from "./lib/results/artifact.ts";
export {
  type LayerResult,
  readLayerArray,
  readLayerRecord,
  readLayerResult,
} from "./lib/results/layer_result.ts";
export { siteOf } from "./lib/results/site_of.ts";
export type { LayerName } from "./lib/results/layer_name.ts";
export { summarizeLayer, type SummarySource } from "./lib/results/layer_summary.ts";
export {
  type StatisticsFile,
  statisticsFileSchema,
  statisticsOf,
} from "./lib/results/artifacts/statistics.ts";
export {
  type CommonFeaturesFile,
  commonFeaturesFileSchema,
  commonFeaturesOf,
} from "./lib/results/artifacts/common_features.ts";
export { readSummary, summarizeDirectory } from "./lib/results/summary_file.ts";
export { type LayerRecord, layerRecordSchema } from "./lib/results/layer_record.ts";
export type { RelationRecord } from "./lib/results/relation_record.ts";
export type { CheckpointRecord, SaeWord, SourceRecord } from "./lib/results/sae_record.ts";
export type { BackendRecord, Provenance } from "./lib/results/provenance_record.ts";
export {
  type AnalysisSummary,
  analysisSummarySchema,
  type LayerSummary,
  type SelectiveFeature,
  type UnsupervisedSummary,
} from "./lib/results/summary_record.ts";
export { type AnalysisTimes, analysisTimesSchema } from "./lib/results/times_file.ts";
export type { Schema, SchemaResult } from "./lib/files/json.ts";
export type { SteadyFile } from "./lib/files/steady_file.ts";

// Pictures; `@coact/coact/plot` has their parts.
export { writeLayerPictures } from "./lib/pictures/write_layer_pictures.ts";
export type { PictureOptions } from "./lib/pictures/figure_files.ts";
export type { ColorChoice } from "./lib/pictures/picture_scale.ts";
export {
  type BaseColorMap,
  COLOR_MAP_NAMES,
  type ColorMapName,
  DIVERGING,
  PICTURE_FORMATS,
  type PictureFormat,
  SEQUENTIAL,
} from "./lib/plot/names.ts";

// What goes wrong, and what this is.
export { InputError, type ProblemDetails, UsageError } from "./lib/base/errors.ts";
export type { Advice, Setting, Subject } from "./lib/base/advice.ts";
export { VERSION, versions } from "./lib/base/version.ts";
