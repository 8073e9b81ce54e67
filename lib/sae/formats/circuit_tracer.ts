/**
 * Transcoders as circuit-tracer has them: `layer_{i}.safetensors`, one for each layer, and
 * `config.yaml`, which alone names model and hooks; and the layers of its cross-layer transcoders,
 * `W_enc_{i}.safetensors` and `W_dec_{i}.safetensors`.
 *
 *     z = p > threshold ? p : 0, or max(0, p) where there is no threshold,  p = W_enc x + b_enc
 *     y = z W_dec + b_dec + W_skip x
 *
 * W_enc is `[features, width]` here. A layer of a cross-layer transcoder has one decoder for each
 * layer from its own on, `[features, layers, width]`. As SAELens does, coact adds them up: features
 * are right, and what is decoded is no layer's output.
 *
 * Sources: https://github.com/safety-research/circuit-tracer, `pretrained_sae_loaders.py` of SAELens.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { isFileThere } from "../../files/look.ts";
import { readText } from "../../files/read_text.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import { rangesOf } from "../feature_rows.ts";
import type { SaeDecoder } from "../sae.ts";
import type { OpenedSae, SaeFiles, SaeFormat } from "./format.ts";
import { siteOfHook } from "./hook_site.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./matrices.ts";
import { notesOnUnread } from "./said.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { readTensorEncoder } from "./tensor_encoder.ts";
import { plainYamlLines } from "./yaml_lines.ts";

const CONFIG = "config.yaml";
const LAYER = /^layer_(\d{1,3})\.safetensors$/;
const CROSS_LAYER = /^W_(?:enc|dec)_(\d{1,3})\.safetensors$/;
const KINDS = ["transcoder_set", "cross_layer_transcoder"];
/** Thresholds in an unknown form: the owner refuses them, too. */
const LOG_THRESHOLDS = "log_thresholds";

/** See the module. */
export const CIRCUIT_TRACER: SaeFormat = {
  name: "circuit-tracer",
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
    return names.length > 0 ? await openLayer(files, names) : await openCrossLayer(files);
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

/** What `config.yaml` says. */
interface Config {
  kind: string | undefined;
  input: string | undefined;
  output: string | undefined;
  notes: string[];
}

async function readConfig(files: SaeFiles, expected: string): Promise<Config> {
  const path = `${files.directory}/${CONFIG}`;
  if (!await isFileThere(path)) {
    const notes = [`there is no ${CONFIG} beside it, which names the hooks`];
    return { kind: undefined, input: undefined, output: undefined, notes };
  }
  const lines = plainYamlLines(await readText(path), path);
  const kind = lines.get("model_kind");
  if (kind !== undefined && kind !== expected) {
    const known = KINDS.includes(kind) ? "" : ", which coact does not know";
    throw new InputError(
      `${files.path} contradicts ${CONFIG}: it says model_kind ${kind}${known}, but the files are ` +
        `those of a ${expected}`,
    );
  }
  const input = lines.get("feature_input_hook");
  const notes = input === undefined
    ? [`${CONFIG} has no feature_input_hook: where it reads is not known`]
    : [];
  return { kind, input, output: lines.get("feature_output_hook"), notes };
}

/** The name of a layer's hook; circuit-tracer leaves out `blocks.{layer}.`. */
function hookOf(layer: number, hook: string | undefined): string | undefined {
  return hook === undefined ? undefined : `blocks.${layer}.${hook}`;
}

/** TransformerLens calls the output of the MLP's module otherwise. */
function siteOf(hook: string | undefined) {
  return siteOfHook(hook?.replace(/\.mlp\.hook_out$/, ".hook_mlp_out") ?? "");
}

function placeOf(
  files: SaeFiles,
  layer: number,
  { input, output }: Config,
  { width, featureCount, outputs }: { width: number; featureCount: number; outputs: number },
) {
  const [hookIn, hookOut] = [hookOf(layer, input), hookOf(layer, output)];
  return {
    path: files.path,
    format: CIRCUIT_TRACER.name,
    width,
    featureCount,
    site: siteOf(hookIn),
    siteInWords: hookIn ?? `layer ${layer}`,
    predicts: { width: outputs, site: siteOf(hookOut), siteInWords: hookOut },
  };
}

async function openLayer(files: SaeFiles, names: readonly string[]): Promise<OpenedSae> {
  const layer = onlyLayer(files, names, LAYER);
  const tensors = await files.tensors(names[0]!);
  const config = await readConfig(files, "transcoder_set");
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

async function openCrossLayer(files: SaeFiles): Promise<OpenedSae> {
  const names = await layerFiles(files, CROSS_LAYER);
  const layer = onlyLayer(files, names, CROSS_LAYER);
  const tensors = await files.tensors(`W_enc_${layer}.safetensors`);
  const config = await readConfig(files, "cross_layer_transcoder");
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

/** Checks W, b and threshold of an encoder. */
function checkEncoder(
  tensors: TensorFile,
  { encoder, encoderBias }: { encoder: string; encoderBias: string },
  threshold: string,
): { width: number; featureCount: number } {
  const unknown = [...tensors.tensors.keys()].find((name) => name.includes(LOG_THRESHOLDS));
  if (unknown !== undefined) {
    throw new InputError(
      `${tensors.path}: it has ${unknown}, which its owner's library refuses, too; convert it to ` +
        threshold,
    );
  }
  const [featureCount, width] = sizesOf(tensors, encoder);
  expectShape(tensors, encoderBias, [featureCount]);
  const { shape } = tensors.tensors.get(threshold) ?? {};
  // One number for all features is written as one of no axis, or of one.
  const isOne = shape?.length === 0 || shape?.length === 1 && shape[0] === 1;
  if (shape !== undefined && !isOne) expectShape(tensors, threshold, [featureCount]);
  return { width, featureCount };
}

async function activationOf(tensors: TensorFile, threshold: string): Promise<Activation> {
  if (!tensors.tensors.has(threshold)) return RELU;
  const values = await tensors.read(threshold);
  return { threshold: values.length === 1 ? values[0]! : values };
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
