/**
 * The whole analysis: from a plan to the moments of every feature, for every layer.
 *
 * @module
 */
import type { AnalysisPlan } from "./analysis_plan.ts";
import type { ComputeDevice } from "./compute/device.ts";
import { InputError } from "./errors.ts";
import { describeLayer } from "./layer_convention.ts";
import { collectHiddenStates } from "./lm/hidden_states.ts";
import { type Observer, SILENT } from "./observer.ts";
import type { QuestionSample } from "./questions.ts";
import type { LayerResult } from "./results/layer_result.ts";
import type { Provenance, RelationRecord } from "./results/schemas.ts";
import { createEncoder, encodeChecked } from "./sae/create_encoder.ts";
import type { Encoded, Encoder } from "./sae/encoder.ts";
import { type LoadedSae, loadSae, type SaeCheckpoint } from "./sae/sae_checkpoint.ts";
import { consistencies, meanActivations } from "./stats/moment_matrices.ts";
import { versions } from "./version.ts";

/** How an analysis runs. */
export interface AnalysisRun {
  /** Who is told what is being done. Default: nobody. */
  readonly observer?: Observer | undefined;
  /** Where a file for hidden states may be made if they are many. Default: they stay in memory. */
  readonly scratchDirectory?: string | undefined;
  /** How many bytes of hidden states are many. Default: 128 MiB. */
  readonly maxStateBytes?: number | undefined;
}

/**
 * Runs the language model once, and then encodes layer after layer.
 *
 * @returns The results, layer by layer in ascending order.
 * @throws {InputError} If a weight is missing, damaged or not finite.
 */
export async function* analyzeLayers(
  plan: AnalysisPlan,
  device: ComputeDevice,
  { observer = SILENT, scratchDirectory, maxStateBytes }: AnalysisRun = {},
): AsyncGenerator<LayerResult> {
  const { model, prompts, checkpoints, options, sample } = plan;
  const layers = checkpoints.map(({ layer }) => layer);
  observer.phase("language model", prompts.length, "questions");
  using states = await collectHiddenStates(model, prompts, {
    layers,
    runtime: device.runtime,
    scratchDirectory,
    maxBytes: maxStateBytes,
    onProgress: (done) => observer.progress(done),
  });
  await using encoder = createEncoder(device);
  const provenance = provenanceOf(plan, device, encoder);
  observer.phase("SAEs", checkpoints.length, "layers");
  let done = 0;
  for await (const [checkpoint, loaded] of loadAhead(checkpoints)) {
    const { layer, path } = checkpoint;
    checkUnchanged(checkpoint, loaded);
    const encoded = await encodeChecked(encoder, {
      hidden: states.layer(layer),
      groupSizes: sample.groupSizes,
      sae: loaded.sae,
      threshold: options.threshold,
    }, `layer ${layer} (${path})`);
    states.forget(layer);
    yield resultOf(plan, provenance, checkpoint, loaded, encoded);
    observer.progress(++done);
  }
}

/**
 * Reads the encoders, each while the one before is at work: two of them are in memory, no more.
 * Nothing can be gained where computing blocks this thread, as native code does.
 */
async function* loadAhead(
  checkpoints: readonly SaeCheckpoint[],
): AsyncGenerator<[SaeCheckpoint, LoadedSae]> {
  let next = checkpoints[0] && loadSae(checkpoints[0].path);
  for (const [i, checkpoint] of checkpoints.entries()) {
    const loaded = await next!;
    const following = checkpoints[i + 1];
    next = following && loadSae(following.path);
    next?.catch(() => {}); // it is thrown when its turn comes
    yield [checkpoint, loaded];
  }
}

function resultOf(
  plan: AnalysisPlan,
  provenance: Provenance,
  { layer, path, shape }: SaeCheckpoint,
  { sha256, bytesRead, byteLength }: LoadedSae,
  { moments, slotActivations }: Encoded,
): LayerResult {
  const { model, sample, options } = plan;
  return {
    record: {
      layer,
      hidden_state: describeLayer(layer, model.config.n_layer),
      sae: shape.kind,
      d_model: shape.width,
      n_free: shape.freeCount,
      n_relation: shape.slotCount,
      activation_threshold: options.threshold,
      relations: relationRecords(sample),
      checkpoint: { path, encoder_sha256: sha256, bytes_read: bytesRead, bytes: byteLength },
      provenance,
    },
    means: meanActivations(moments),
    maxima: moments.maxima,
    consistency: consistencies(moments),
    slotActivations,
    questions: Int32Array.from(sample.questions.flatMap(({ relation, line }) => [relation, line])),
  };
}

/** The relations of a sample, and how many questions each has. */
export function relationRecords({ relations, groupSizes }: QuestionSample): RelationRecord[] {
  return relations.map((relation, i) => ({ ...relation, questions: groupSizes[i]! }));
}

function provenanceOf(
  { options, inputHashes }: AnalysisPlan,
  { requested, kind, name, reason, runtime }: ComputeDevice,
  encoder: Encoder,
): Provenance {
  const { layers, relations } = options;
  return {
    options: {
      lm_model: options.lmModel,
      sae_dir: options.saeDirectory,
      qa_file: options.questionFile,
      layers: layers === "all" ? layers : layers.join(","),
      samples_per_relation: options.samplesPerRelation,
      activation_threshold: options.threshold,
      relations: relations?.join(",") ?? null,
    },
    backend: {
      requested,
      device: kind,
      name,
      reason,
      language_model: `onnxruntime ${runtime.backend}`,
      encoder: encoder.backend,
    },
    versions: versions(),
    input_sha256: { ...inputHashes },
  };
}

/** The plan was made from the checkpoint's description; the weights are read much later. */
function checkUnchanged({ path, shape }: SaeCheckpoint, { sae }: LoadedSae): void {
  const isSame = sae.kind === shape.kind && sae.width === shape.width &&
    sae.freeCount === shape.freeCount && sae.slotCount === shape.slotCount;
  if (!isSame) throw new InputError(`${path} was changed during the analysis; start it again`);
}
