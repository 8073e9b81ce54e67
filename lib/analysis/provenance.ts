/**
 * What results are made of, as it is written beside them.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { describeLayer } from "../lm/layer_convention.ts";
import { layerOfSite } from "../lm/site.ts";
import { listRelations, type Relation } from "../questions/relations.ts";
import type { QuestionSample } from "../questions/sample.ts";
import type { LayerRecord, Provenance, RelationRecord } from "../results/schemas.ts";
import { encoderBackend } from "../sae/encode/create_encoder.ts";
import type { PlannedSae } from "./planned_saes.ts";
import type { LoadedDecoder, LoadedSae } from "../sae/formats/sae_checkpoint.ts";
import { versions } from "../base/version.ts";

/** What all layers of an analysis are made of. */
export function provenanceOf(plan: AnalysisPlan, device: ComputeDevice): Provenance {
  const { options, inputHashes, deepest, model } = plan;
  const { requested, kind, name, reason, runtime } = device;
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
      encoder: encoderBackend(device),
    },
    versions: versions(),
    input_sha256: { ...inputHashes },
    deepest_layer: layerOfSite(deepest, model.config.n_layer)!, // as all sites of a plan are
  };
}

/**
 * What a layer's result is made of.
 *
 * @param made What all layers are made of, and what was read of this one's SAE.
 */
export function layerRecordOf(
  { model, file, sample, options }: AnalysisPlan,
  { layer, path, shape }: PlannedSae,
  { provenance, loaded, decoder }: {
    provenance: Provenance;
    loaded: LoadedSae;
    decoder: LoadedDecoder;
  },
): LayerRecord {
  const { sha256, bytesRead, byteLength } = loaded;
  const read = {
    path,
    encoder_sha256: sha256,
    decoder_sha256: decoder.sha256,
    bytes_read: bytesRead + decoder.bytesRead,
    bytes: byteLength,
  };
  return {
    layer,
    hidden_state: describeLayer(layer, model.config.n_layer),
    sae: shape.kind,
    d_model: shape.width,
    n_free: shape.freeCount,
    n_relation: shape.slotCount,
    activation_threshold: options.threshold,
    relations: relationRecords(sample),
    ...(shape.slotCount > 0 && leftOut(listRelations(file.relationNames, shape.slotCount), sample)),
    checkpoint: read,
    provenance,
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
