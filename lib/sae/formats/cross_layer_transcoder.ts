/**
 * A layer of a cross-layer transcoder of circuit-tracer: `W_enc_{i}.safetensors` and
 * `W_dec_{i}.safetensors`, with one decoder for each layer from its own on,
 * `[features, layers, width]`. As SAELens does, coact adds them up: features are right, and what is
 * decoded is no layer's output.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { isFileThere } from "../../files/look.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";
import { rangesOf } from "../feature_ranges.ts";
import type { SaeDecoder } from "../sae.ts";
import {
  activationOf,
  checkEncoder,
  placeOf,
  readTranscoderConfig,
} from "./circuit_tracer_parts.ts";
import type { OpenedSae } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { checkNumberTypes, expectShape } from "./tensor_checks.ts";
import { notesOnUnread } from "./said.ts";
import { readTensorEncoder } from "./tensor_encoder.ts";

/**
 * Says what the files of a layer hold.
 *
 * @throws {InputError} If they do not fit each other.
 */
export async function openCrossLayer(files: SaeFiles, layer: number): Promise<OpenedSae> {
  const tensors = await files.tensors(`W_enc_${layer}.safetensors`);
  const config = await readTranscoderConfig(files, "cross_layer_transcoder");
  const named = {
    encoder: `W_enc_${layer}`,
    encoderBias: `b_enc_${layer}`,
    decoderBias: `b_dec_${layer}`,
  };
  const threshold = `threshold_${layer}`;
  const { width, featureCount } = checkEncoder(tensors, named, threshold);
  const hasDecoder = await isFileThere(`${files.directory}/W_dec_${layer}.safetensors`);
  const decoder = hasDecoder ? await files.tensors(`W_dec_${layer}.safetensors`) : undefined;
  const layers = decoder && checkDecoders(decoder, `W_dec_${layer}`, { featureCount, width });
  expectShape(tensors, named.decoderBias, [width]);
  const known = [...Object.values(named), threshold];
  checkNumberTypes(tensors, known.filter((name) => tensors.tensors.has(name)));
  const place = placeOf(files, layer, config, { width, featureCount, outputs: width });
  const last = layers === undefined ? "the last" : layer + layers - 1;
  const siteInWords = `${config.output ?? "outputs"} of blocks ${layer} to ${last}`;
  return {
    ...place,
    predicts: { width, site: undefined, siteInWords },
    architecture: `${tensors.tensors.has(threshold) ? "jumprelu" : "relu"} cross-layer transcoder`,
    notes: [
      ...config.notes,
      decoder === undefined
        ? `there is no W_dec_${layer}.safetensors beside it: it has no decoder`
        : `it predicts ${layers} layers: what it decodes is the sum of all of them, as SAELens ` +
          "reads it, and no layer's output",
      ...notesOnUnread(tensors, known),
    ],
    async read() {
      return {
        ...await readTensorEncoder(tensors, {
          width,
          featureCount,
          weight: named.encoder,
          bias: named.encoderBias,
        }),
        width,
        featureCount,
        input: [],
        activation: await activationOf(tensors, threshold),
        site: place.site,
        targets: [],
      };
    },
    async readDecoder() {
      if (decoder === undefined || layers === undefined) return undefined;
      const bias = await tensors.read(named.decoderBias);
      const weight = `W_dec_${layer}`;
      return summedDecoder(decoder, { weight, layers, width, featureCount, bias });
    },
  };
}

/** How many layers a decoder predicts. */
function checkDecoders(
  tensors: TensorFile,
  name: string,
  { featureCount, width }: { featureCount: number; width: number },
): number {
  const { shape } = tensorNamed(tensors, name);
  const [features, layers = 0, outputs] = shape;
  const fits = shape.length === 3 && features === featureCount && outputs === width && layers > 0;
  if (fits) {
    checkNumberTypes(tensors, [name]);
    return layers;
  }
  throw new InputError(
    `${tensors.path}: tensor ${name} has shape ${shapeText(shape)}, expected [${featureCount}, ` +
      `layers, ${width}]`,
  );
}

/** The decoders of all layers, added up. */
function summedDecoder(
  tensors: TensorFile,
  { weight, layers, width, featureCount, bias }: {
    weight: string;
    layers: number;
    width: number;
    featureCount: number;
    bias: Float32Array<ArrayBuffer>;
  },
): SaeDecoder {
  return {
    width,
    featureCount,
    bias,
    restores: false,
    predicts: true,
    rows: {
      width,
      async read(first, count) {
        const sums = new Float32Array(count * width);
        for (const part of rangesOf({ featureCount: count, width: layers * width })) {
          const start = first + part.first;
          const values = await tensors.read(weight, { start, end: start + part.count });
          for (let feature = 0; feature < part.count; feature++) {
            for (let i = 0; i < width; i++) {
              let sum = 0;
              for (let l = 0; l < layers; l++) sum += values[(feature * layers + l) * width + i]!;
              sums[(part.first + feature) * width + i] = sum;
            }
          }
        }
        return sums;
      },
    },
  };
}
