/**
 * The whole analysis: from a plan to the moments of every feature, for every layer.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { LastingDevice } from "../compute/lasting_device.ts";
import { InputError } from "../base/errors.ts";
import type { Rows } from "../files/rows.ts";
import { collectHiddenStates, MAX_BATCH_NODES } from "../lm/hidden_states.ts";
import { warnOfMismatch } from "./layer_mismatch.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { type LayerResult, makeArrays } from "../results/layer_result.ts";
import { layerRecordOf, provenanceOf } from "./provenance.ts";
import { createEncoder, encodeChecked } from "../sae/encode/create_encoder.ts";
import type { Encoder } from "../sae/encode/encoder.ts";
import { unexplainedVariance } from "../sae/reconstruction.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";
import {
  loadDecoder,
  type LoadedSae,
  loadSae,
  type SaeCheckpoint,
} from "../sae/formats/sae_checkpoint.ts";

/** How an analysis runs. */
export interface AnalysisRun {
  /** Who is told what is being done. Default: nobody. */
  readonly observer?: Observer | undefined;
  /** Where a file for hidden states may be made if they are many. Default: they stay in memory. */
  readonly scratchDirectory?: string | undefined;
  /** How many bytes of hidden states are many. Default: 128 MiB. */
  readonly maxStateBytes?: number | undefined;
  /** Layers of the plan that are left out, because their results are there. Default: none. */
  readonly except?: ReadonlySet<number> | undefined;
}

/**
 * Runs the language model once, and then encodes layer after layer. A GPU that is lost meanwhile is
 * opened again.
 *
 * @returns The results, layer by layer in ascending order.
 * @throws {InputError} If a weight is missing, damaged or not finite, or the device fails.
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, topFeatures } from "@coact/coact";
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
 * for await (const { record, means } of analyzeLayers(plan, device)) {
 *   const ofTheFirstRelation = means.subarray(0, record.n_free);
 *   console.log(`layer ${record.layer}: its strongest features are`, topFeatures(ofTheFirstRelation, 5));
 * }
 * ```
 */
export async function* analyzeLayers(
  plan: AnalysisPlan,
  device: ComputeDevice,
  { observer = SILENT, scratchDirectory, maxStateBytes, except = new Set() }: AnalysisRun = {},
): AsyncGenerator<LayerResult> {
  const { model, prompts, options, sample } = plan;
  const checkpoints = plan.checkpoints.filter(({ layer }) => !except.has(layer));
  if (checkpoints.length === 0) return;
  // The deepest layer is always among them: how the last block is computed hangs on it.
  const layers = plan.checkpoints.map(({ layer }) => layer)
    .filter((layer, i, all) => !except.has(layer) || i === all.length - 1);
  const onNote = (message: string) => observer.note(message);
  using lasting = new LastingDevice(device, observer);
  observer.phase("language model", prompts.length, "questions");
  using states = await lasting.run(({ device: { runtime }, pieceSize }) =>
    collectHiddenStates(model, prompts, {
      layers,
      runtime,
      maxBatchNodes: MAX_BATCH_NODES[runtime.backend] * pieceSize,
      scratchDirectory,
      maxBytes: maxStateBytes,
      onProgress: (done) => observer.progress(done),
      onNote,
    })
  );
  for (const file of plan.file.files) await file.check();
  await using encoders = new AsyncDisposableStack();
  const encoderOn = new Map<ComputeDevice, Encoder>(); // a device that was opened again needs its own
  const provenance = provenanceOf(plan, device);
  observer.phase("SAEs", checkpoints.length, checkpoints.length === 1 ? "layer" : "layers");
  let done = 0;
  for await (const [checkpoint, loaded] of loadAhead(checkpoints)) {
    const { layer, path } = checkpoint;
    checkUnchanged(checkpoint, loaded);
    const reading = loadDecoder(path); // it comes while the layer is encoded
    reading.catch(() => {});
    const input = {
      hidden: states.layer(layer),
      groupSizes: sample.groupSizes,
      sae: loaded.sae,
      threshold: options.threshold,
    };
    const subject = { what: `layer ${layer} (${path})`, device: device.name };
    const encoded = await lasting.run(({ device, pieceSize }) => {
      const create = () => encoders.use(createEncoder(device, { pieceSize, onNote }));
      return encodeChecked(encoderOn.getOrInsertComputed(device, create), input, subject);
    });
    const decoder = await reading;
    await checkpoint.file.check();
    const unexplained = reconstructionError(states.layer(layer), loaded.sae, decoder.decoder);
    states.forget(layer);
    const made = layerRecordOf(plan, { provenance, checkpoint, loaded, decoder });
    const record = { ...made, unexplained_variance: unexplained };
    warnOfMismatch(record, observer);
    yield { record, ...makeArrays({ ...encoded, questions: sample.questions }) };
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
  let next = checkpoints[0] && loadUnchanged(checkpoints[0]);
  for (const [i, checkpoint] of checkpoints.entries()) {
    const loaded = await next!;
    const following = checkpoints[i + 1];
    next = following && loadUnchanged(following);
    next?.catch(() => {}); // it is thrown when its turn comes
    yield [checkpoint, loaded];
  }
}

/** What a changed file holds need not make sense: that it was changed is to be said first. */
async function loadUnchanged({ file, path }: SaeCheckpoint): Promise<LoadedSae> {
  await file.check();
  return await loadSae(path);
}

/** How much of the hidden states' variance an SAE leaves unexplained; null if nobody can say. */
function reconstructionError(
  hidden: Rows,
  sae: Sae,
  decoder: SaeDecoder | undefined,
): number | null {
  if (decoder === undefined) return null;
  return unexplainedVariance(hidden, { sae, decoder }) ?? null;
}

/** The plan was made from the checkpoint's description; the weights are read much later. */
function checkUnchanged({ path, shape }: SaeCheckpoint, { shape: read }: LoadedSae): void {
  const isSame = read.kind === shape.kind && read.width === shape.width &&
    read.freeCount === shape.freeCount && read.slotCount === shape.slotCount;
  if (!isSame) throw new InputError(`${path} was changed during the analysis; start it again`);
}
