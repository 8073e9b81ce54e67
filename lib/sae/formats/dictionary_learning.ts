/**
 * dictionary_learning (saprmarks, and jkminder's fork): `ae.pt` and `config.json`; of the fork also
 * `model_final.pt` or `model.safetensors`.
 *
 * x' is x less the decoder's bias where the class subtracts it; p = x' W_enc + b_enc.
 *
 * | class                        | z                                                          |
 * | ---------------------------- | ---------------------------------------------------------- |
 * | AutoEncoder                  | max(0, p) times the length of the feature's decoder column |
 * | AutoEncoderNew               | max(0, p), nothing subtracted                              |
 * | GatedAutoEncoder             | max(0, exp(r_mag) x' W_enc + mag_bias) where x' W_enc + gate_bias > 0 |
 * | AutoEncoderTopK              | max(0, p) of the k largest p                               |
 * | BatchTopKSAE, Matryoshka…    | max(0, p) where it is above the one threshold              |
 * | JumpReluAutoEncoder          | max(0, p) where p > threshold, nothing subtracted          |
 *
 * The fork first takes (x - activation_mean) activation_global_scale, and its decoder goes back by
 * 1 / (activation_global_scale + 1e-8) and the mean. If mean and deviation are all NaN, it does not.
 * Its AutoEncoder has no such lengths, and the features of its GatedAutoEncoder and its
 * JumpReluAutoEncoder are times them.
 *
 * Sources: https://github.com/saprmarks/dictionary_learning,
 * https://github.com/jkminder/dictionary_learning.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { SaeDecoder } from "../sae.ts";
import { type Normaliser, normaliserOf, withNormaliser } from "./activation_normaliser.ts";
import { lengthsOf, readActivation } from "./dictionary_learning_activation.ts";
import {
  CLASS_TENSORS,
  classOf,
  type ClassTensors,
  hasClass,
  isDictionary,
  NORMALISER_TENSORS,
} from "./dictionary_learning_classes.ts";
import {
  CONFIG,
  type DictionaryConfig,
  placeOf,
  readDictionaryConfig,
} from "./dictionary_learning_config.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { checkGroups, checkK, checkTensors, readScalars } from "./dictionary_learning_checks.ts";
import { featureRows } from "./stored_rows.ts";
import { checkedK, notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";

/** What the library calls its file. */
export const OWN_NAME = "ae.pt";
/** What its fork calls its files. */
const FORK_NAMES = ["model_final.pt", "model.safetensors"];
const NAMES = [OWN_NAME, ...FORK_NAMES];

/** See the module. */
export const DICTIONARY_LEARNING: SaeFormat = {
  name: "dictionary_learning",
  async recognizes(files) {
    return await weightsOf(files) !== undefined;
  },
  async open(files) {
    const tensors = await files.tensors((await weightsOf(files))!);
    refuseBackup(tensors);
    return await opened(files, tensors, await readDictionaryConfig(files));
  },
};

/** The file with the weights: by its name if a configuration is there, else by its tensors. */
async function weightsOf(files: SaeFiles): Promise<string | undefined> {
  const weights = await files.weights();
  const named = NAMES.filter((name) => weights.includes(name));
  if (named.length > 0 && await readDictionaryConfig(files).catch(() => undefined) !== undefined) {
    return named[0];
  }
  if (weights.length !== 1) return undefined;
  const tensors = await files.readableTensors(weights[0]!);
  if (tensors === undefined) return undefined;
  // Other libraries have the tensors of some classes, too, but call no file so.
  const isNamedSo = weights[0] === OWN_NAME && hasClass(tensors);
  return isNamedSo || isDictionary(tensors) || isBackup(tensors) ? weights[0] : undefined;
}

function isBackup({ values }: TensorFile): boolean {
  return values.has("ae") && values.has("optimizer");
}

function refuseBackup(tensors: TensorFile): void {
  if (!isBackup(tensors)) return;
  throw new InputError(
    `${tensors.path} is what an interrupted training leaves: its weights are under "ae", and its ` +
      `biases and threshold are not yet multiplied with norm_factor (${
        tensors.values.get("norm_factor") ?? "which it does not hold"
      }); take the file of a training that has ended`,
  );
}

async function opened(
  files: SaeFiles,
  tensors: TensorFile,
  config: DictionaryConfig | undefined,
): Promise<OpenedSae> {
  const { name, notes: classNotes } = classOf(tensors, config);
  const isOld = name === "AutoEncoderTopK" && !tensors.tensors.has("k");
  const named = isOld ? { ...CLASS_TENSORS[name], scalars: [] } : CLASS_TENSORS[name];
  const [width, featureCount] = checkTensors(files.path, tensors, { named, config });
  const numbers = await readScalars(tensors, named);
  const k = isOld
    ? checkedK({ path: files.path, source: CONFIG, name: "k", value: config?.k }, featureCount)
    : named.scalars.includes("k")
    ? checkK(files.path, { tensor: numbers.get("k"), said: config?.k, featureCount })
    : undefined;
  await checkGroups(tensors, featureCount);
  const threshold = numbers.get("threshold");
  const lengths = lengthsOf(name, FORK_NAMES.includes(basename(tensors.path)));
  const normaliser = await normaliserOf(tensors, width);
  const place = placeOf(config, files.folders);
  const sizes = { width, featureCount };
  return {
    path: files.path,
    format: DICTIONARY_LEARNING.name,
    architecture: name,
    ...sizes,
    site: place.site,
    siteInWords: place.siteInWords,
    declaredL0: name === "AutoEncoderTopK" ? undefined : k,
    notes: [
      ...classNotes,
      ...place.notes,
      ...lengths.notes,
      ...(config === undefined ? [`there is no ${CONFIG} of the library beside it`] : []),
      ...(threshold !== undefined && threshold < 0
        ? [
          `its threshold is ${threshold}, as before the training set it: every feature above 0 is active`,
        ]
        : []),
      ...notesOnUnread(tensors, knownOf(named)),
      ...await squareNotes(tensors, named),
    ],
    async read() {
      const encoderBias = named.encoderBias;
      return {
        ...sizes,
        rows: featureRows(tensors, named.encoder, named.isEncoderTransposed),
        bias: encoderBias === undefined
          ? new Float32Array(featureCount)
          : await tensors.read(encoderBias),
        input: [
          ...(normaliser?.input ?? []),
          ...(named.subtracts
            ? [{ kind: "subtract" as const, vector: await tensors.read(named.decoderBias) }]
            : []),
        ],
        activation: await readActivation(tensors, {
          name,
          named,
          k,
          threshold,
          countsLengths: lengths.areCounted,
        }),
        site: place.site,
        targets: [],
      };
    },
    readDecoder: () =>
      readDecoder(tensors, {
        named,
        normaliser,
        countsLengths: lengths.areCounted,
        ...sizes,
      }),
  };
}

function knownOf(
  { encoder, encoderBias, decoder, decoderBias, vectors, scalars, others }: ClassTensors,
) {
  return [
    ...[encoder, encoderBias ?? encoder, decoder, decoderBias],
    ...vectors,
    ...scalars,
    ...others,
    ...NORMALISER_TENSORS,
  ];
}

async function readDecoder(
  tensors: TensorFile,
  { named, normaliser, countsLengths, width, featureCount }: {
    named: ClassTensors;
    normaliser: Normaliser | undefined;
    countsLengths: boolean;
    width: number;
    featureCount: number;
  },
): Promise<SaeDecoder> {
  const decoder = await readTensorDecoder(tensors, {
    width,
    featureCount,
    weight: named.decoder,
    isTransposed: named.isDecoderTransposed,
    bias: named.decoderBias,
    dividesByLengths: countsLengths,
  });
  return normaliser === undefined ? decoder : withNormaliser(decoder, normaliser);
}
