/**
 * Transcoders as circuit-tracer has them: `layer_{i}.safetensors`, one for each layer, and
 * `config.yaml`, which alone names model and hooks; and the layers of its cross-layer transcoders,
 * `W_enc_{i}.safetensors` and `W_dec_{i}.safetensors`.
 *
 *     z = p > threshold ? p : 0, or max(0, p) where there is no threshold,  p = W_enc x + b_enc
 *     y = z W_dec + b_dec + W_skip x
 *
 * W_enc is `[features, width]` here. `cross_layer_transcoder.ts` has the second.
 *
 * Sources: https://github.com/safety-research/circuit-tracer, `pretrained_sae_loaders.py` of SAELens.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import {
  activationOf,
  checkEncoder,
  FORMAT_NAME,
  placeOf,
  readTranscoderConfig,
} from "./circuit_tracer_parts.ts";
import { openCrossLayer } from "./cross_layer_transcoder.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./tensor_checks.ts";
import { notesOnUnread } from "./said.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { readTensorEncoder } from "./tensor_encoder.ts";

const LAYER = /^layer_(\d{1,3})\.safetensors$/;
const CROSS_LAYER = /^W_(?:enc|dec)_(\d{1,3})\.safetensors$/;

/** See the module. */
export const CIRCUIT_TRACER: SaeFormat = {
  name: FORMAT_NAME,
  async recognizes(files) {
    const [name] = await layerFiles(files, LAYER);
    if (name !== undefined) {
      const { tensors } = await files.readableTensors(name) ?? {};
      return tensors === undefined || ["W_enc", "W_dec"].every((name) => tensors.has(name));
    }
    return (await layerFiles(files, CROSS_LAYER)).length > 0;
  },
  async open(files) {
    const names = await layerFiles(files, LAYER);
    if (names.length > 0) return await openLayer(files, names);
    const cross = await layerFiles(files, CROSS_LAYER);
    return await openCrossLayer(files, onlyLayer(files, cross, CROSS_LAYER));
  },
};

async function layerFiles(files: SaeFiles, pattern: RegExp): Promise<string[]> {
  return (await files.weights()).filter((name) => pattern.test(name));
}

/** The one layer whose files are there. */
function onlyLayer(files: SaeFiles, names: readonly string[], pattern: RegExp): number {
  const layers = [...new Set(names.map((name) => Number(pattern.exec(name)![1])))];
  const [layer] = layers;
  if (layers.length === 1) return layer!;
  throw new InputError(
    `${files.path} holds the transcoders of ${layers.length} layers (${
      names.slice(0, 4).join(", ")
    }${names.length > 4 ? ", …" : ""}): name the file of one of them`,
  );
}

async function openLayer(files: SaeFiles, names: readonly string[]): Promise<OpenedSae> {
  const layer = onlyLayer(files, names, LAYER);
  const tensors = await files.tensors(names[0]!);
  const config = await readTranscoderConfig(files, "transcoder_set");
  const named = { encoder: "W_enc", encoderBias: "b_enc", decoderBias: "b_dec" };
  const threshold = "activation_function.threshold";
  const { width, featureCount } = checkEncoder(tensors, named, threshold);
  const [, outputs] = sizesOf(tensors, "W_dec");
  expectShape(tensors, "W_dec", [featureCount, outputs]);
  expectShape(tensors, "b_dec", [outputs]);
  const hasSkip = tensors.tensors.has("W_skip");
  if (hasSkip) expectShape(tensors, "W_skip", [outputs, width]);
  const known = ["W_enc", "b_enc", "W_dec", "b_dec", "W_skip", threshold];
  checkNumberTypes(tensors, known.filter((name) => tensors.tensors.has(name)));
  const place = placeOf(files, layer, config, { width, featureCount, outputs });
  return {
    ...place,
    architecture: tensors.tensors.has(threshold) ? "jumprelu transcoder" : "relu transcoder",
    notes: [...config.notes, ...notesOnUnread(tensors, known)],
    async read() {
      return {
        ...await readTensorEncoder(tensors, { ...place, weight: "W_enc", bias: "b_enc" }),
        width,
        featureCount,
        input: [],
        activation: await activationOf(tensors, threshold),
        site: place.site,
        targets: [],
      };
    },
    readDecoder: async () =>
      await readTensorDecoder(tensors, {
        width: outputs,
        featureCount,
        weight: "W_dec",
        bias: "b_dec",
        skip: hasSkip ? await tensors.read("W_skip") : undefined,
        predicts: true,
      }),
  };
}
