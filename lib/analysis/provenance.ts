/**
 * What results are made of, as it is written beside them.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan/plan.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { endAlike } from "../results/sees_only_length.ts";
import { describeLayer, describeSite, finalNormText } from "../lm/layer_convention.ts";
import { fileStem, layerOfSite, siteText } from "../lm/site.ts";
import { siteListText } from "../lm/site_list.ts";
import type { Relation } from "../questions/relations.ts";
import { positionText } from "../questions/position.ts";
import type { QuestionSample } from "../questions/sample.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { Provenance } from "../results/provenance_record.ts";
import type { RelationRecord } from "../results/relation_record.ts";
import type { CheckpointRecord, SourceRecord } from "../results/sae_record.ts";
import { encoderBackend } from "../sae/encode/create_encoder.ts";
import { decidingSettings } from "../prompts/deciding_settings.ts";
import type { PromptSettings } from "../prompts/prompt_settings.ts";
import type { DecoderModel } from "../lm/language_model.ts";
import type { DecoderIdentity, PlannedSae, SaeIdentity } from "./plan/planned_sae.ts";
import { versions } from "../base/version.ts";

/**
 * Says what a layer's result is made of, by what was read of its SAE. Rejected with an
 * {@linkcode InputError} if an input cannot be read.
 */
export type MakeRecord = (
  planned: PlannedSae,
  read: { readonly loaded: SaeIdentity; readonly decoder: DecoderIdentity },
) => Promise<LayerRecord>;

/** What says of each layer of an analysis what its result is made of. */
export function recordsOf(plan: AnalysisPlan, device: ComputeDevice): MakeRecord {
  return async (planned, read) => {
    const provenance = provenanceOf(plan, device, await plan.inputHashes);
    return layerRecordOf(plan, planned, { provenance, ...read });
  };
}

/**
 * What all layers of an analysis are made of.
 *
 * @param inputHashes The SHA-256 of each input but the SAEs, by path.
 */
export function provenanceOf(
  { options, deepest, model, file, sample }: AnalysisPlan,
  device: ComputeDevice,
  inputHashes: Readonly<Record<string, string>>,
): Provenance {
  const { requested, kind, name, reason, runtime } = device;
  const { layers, relations, sites, saeFormat, k, prompts } = options;
  return {
    options: {
      lm_model: options.lmModel,
      sae_dir: options.saeDirectory,
      qa_file: options.questionFile,
      layers: layers === "all" ? layers : layers.join(","),
      // What nobody asked for is not said, so that what is asked for as ever is written as ever.
      ...(sites !== undefined && { sites: siteListText(sites) }),
      ...(saeFormat !== undefined && { sae_format: saeFormat }),
      ...(k !== undefined && { k }),
      ...(prompts !== undefined && promptOptions(decidingSettings(prompts, {
        file,
        questions: sample.questions,
        tokenizer: model.tokenizer,
      }))),
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
      encoder: encoderBackend(device),
    },
    versions: versions(),
    input_sha256: { ...inputHashes },
    deepest_layer: layerOfSite(deepest, model.config.n_layer) ?? fileStem(deepest),
  };
}

/** What was decided of prompts; what holds by default is not said. */
function promptOptions(settings: PromptSettings): Provenance["options"] {
  const { textField, template, idsField, labelFields, position, occurrence } = settings;
  const isUsual = position === undefined || positionText(position) === "last";
  return {
    ...(textField !== undefined && { text_field: textField }),
    ...(template !== undefined && { prompt_template: template }),
    ...(idsField !== undefined && { ids_field: idsField }),
    ...(labelFields !== undefined && { label_field: labelFields.join() }),
    ...(!isUsual && { position: positionText(position) }),
    ...(occurrence !== undefined && { occurrence }),
    ...(settings.prependBos !== undefined && { prepend_bos: settings.prependBos ? "yes" : "no" }),
    ...(settings.delimiter !== undefined && { delimiter: settings.delimiter }),
    ...(settings.clusterField !== undefined && { cluster_field: settings.clusterField }),
  };
}

/**
 * What a layer's result is made of.
 *
 * @param made What all layers are made of, and what was read of this one's SAE.
 */
export function layerRecordOf(
  { model, relations, sample, options }: AnalysisPlan,
  planned: PlannedSae,
  { provenance, loaded, decoder }: {
    provenance: Provenance;
    loaded: SaeIdentity;
    decoder: DecoderIdentity;
  },
): LayerRecord {
  const { layer, path, shape } = planned;
  const { sha256, bytesRead, byteLength, filesSha256 } = loaded;
  const read: CheckpointRecord = {
    path,
    encoder_sha256: sha256,
    decoder_sha256: decoder.sha256,
    bytes_read: bytesRead + decoder.bytesRead,
    bytes: byteLength,
    ...(filesSha256 !== undefined && { files_sha256: filesSha256 }),
  };
  return {
    layer,
    hidden_state: stateOf(planned, model, endAlike(provenance.options)),
    ...sourceOf(planned),
    sae: shape.kind,
    d_model: shape.width,
    freeCount: shape.freeCount,
    slotCount: shape.slotCount,
    activation_threshold: options.threshold,
    relations: relationRecords(sample),
    ...(shape.slotCount > 0 && leftOut(relations, sample)),
    checkpoint: read,
    provenance,
  };
}

/** What the states are that an SAE takes, in words. */
function stateOf(
  { layer, site }: PlannedSae,
  { config, decoder }: DecoderModel,
  doEndAlike: boolean,
): string {
  const { n_layer: blockCount } = config;
  const finalNorm = finalNormText(decoder);
  return typeof layer === "number"
    ? describeLayer(layer, blockCount, finalNorm, doEndAlike)
    : describeSite(site, { blockCount, finalNorm, doEndAlike });
}

/** What is said of an SAE that is not AlignSAE's; what its files do not say is not. */
function sourceOf({ site, opened, k }: PlannedSae): SourceRecord {
  if (opened === undefined) return {};
  const { format, architecture, isCentred, declaredL0 } = opened;
  return {
    site: siteText(site),
    format,
    architecture,
    ...(k !== undefined && { k }),
    ...(isCentred && { centred: true }),
    ...(declaredL0 !== undefined && { declared_l0: declaredL0 }),
  };
}

/** The relations that were not picked, whose slots are there all the same; nothing if all were. */
function leftOut(
  all: readonly Relation[],
  { relations }: QuestionSample,
): Pick<LayerRecord, "relations_left_out"> {
  const picked = new Set(relations.map(({ index }) => index));
  const others = all.filter(({ index }) => !picked.has(index));
  return others.length === 0 ? {} : { relations_left_out: others.map((each) => ({ ...each })) };
}

/** The relations of a sample, and how many questions each has. */
export function relationRecords({ relations, groupSizes }: QuestionSample): RelationRecord[] {
  return relations.map((relation, i) => ({ ...relation, questions: groupSizes[i]! }));
}
