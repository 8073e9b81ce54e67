/**
 * The classes of dictionary_learning: which tensors each has, and how its `encode` works. The tensors
 * decide, for the name in the configuration is fixed in the trainer and can be wrong.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { CONFIG, type DictionaryConfig } from "./dictionary_learning_config.ts";

/** The classes. */
export type DictionaryClass =
  | "AutoEncoder"
  | "AutoEncoderNew"
  | "GatedAutoEncoder"
  | "AutoEncoderTopK"
  | "BatchTopKSAE"
  | "MatryoshkaBatchTopKSAE"
  | "JumpReluAutoEncoder";

/** What the tensors of a class are called. */
export interface ClassTensors {
  /** W of the encoder. */
  readonly encoder: string;
  /** Whether it lies as `[width, featureCount]`. */
  readonly isEncoderTransposed: boolean;
  /** b of the encoder; undefined of a gated one, which has two. */
  readonly encoderBias: string | undefined;
  /** W of the decoder. */
  readonly decoder: string;
  /** Whether it lies as `[width, featureCount]`. */
  readonly isDecoderTransposed: boolean;
  /** b of the decoder, `[width]`. */
  readonly decoderBias: string;
  /** Whether that is subtracted from the input. */
  readonly subtracts: boolean;
  /** One number a feature each. */
  readonly vectors: readonly string[];
  /** One number each. */
  readonly scalars: readonly string[];
  /** What else may be there and is not needed. */
  readonly others: readonly string[];
}

const LINEAR = {
  encoder: "encoder.weight",
  isEncoderTransposed: false,
  encoderBias: "encoder.bias",
  decoder: "decoder.weight",
  isDecoderTransposed: true,
  decoderBias: "b_dec",
  subtracts: true,
  vectors: [],
  scalars: [],
  others: [],
} as const;

const MATRICES = {
  ...LINEAR,
  encoder: "W_enc",
  isEncoderTransposed: true,
  encoderBias: "b_enc",
  decoder: "W_dec",
  isDecoderTransposed: false,
} as const;

/** The tensors of each class. */
export const CLASS_TENSORS: Readonly<Record<DictionaryClass, ClassTensors>> = {
  AutoEncoder: { ...LINEAR, decoderBias: "bias" },
  AutoEncoderNew: { ...LINEAR, decoderBias: "decoder.bias", subtracts: false },
  GatedAutoEncoder: {
    ...LINEAR,
    encoderBias: undefined,
    decoderBias: "decoder_bias",
    vectors: ["r_mag", "gate_bias", "mag_bias"],
  },
  AutoEncoderTopK: { ...LINEAR, scalars: ["k"], others: ["threshold"] },
  BatchTopKSAE: { ...LINEAR, scalars: ["k", "threshold"] },
  MatryoshkaBatchTopKSAE: { ...MATRICES, scalars: ["k", "threshold"], others: ["group_sizes"] },
  JumpReluAutoEncoder: { ...MATRICES, subtracts: false, vectors: ["threshold"] },
};

/** Which trainers make a class whose tensors have the names of another's. */
const TRAINERS: Readonly<Record<string, DictionaryClass>> = {
  TopKTrainer: "AutoEncoderTopK",
  TrainerTopK: "AutoEncoderTopK",
  BatchTopKTrainer: "BatchTopKSAE",
  MatryoshkaBatchTopKTrainer: "MatryoshkaBatchTopKSAE",
};

/** Tensors that jkminder's fork has beside those of the class. */
export const NORMALISER_TENSORS = [
  "target_rms",
  "activation_mean",
  "activation_std",
  "activation_global_scale",
] as const;

/** Whether tensors are those of a class, and of nothing else that coact knows. */
export function isDictionary(file: TensorFile): boolean {
  const { tensors } = file;
  if (tensors.has("r_mag") && tensors.has("gate_bias") && tensors.has("encoder.weight")) {
    return true;
  }
  if (tensors.has("encoder.weight") && tensors.has("decoder.weight")) {
    return tensors.has("bias") || (tensors.has("b_dec") && tensors.has("k"));
  }
  return tensors.has("W_enc") && tensors.has("group_sizes");
}

/** Whether tensors are those of a class, though maybe of other libraries' SAEs as well. */
export function hasClass(file: TensorFile): boolean {
  return fittingClasses(file).length > 0;
}

/** A class, and what a user should know of how it was told. */
export interface ToldClass {
  /** The class. */
  readonly name: DictionaryClass;
  /** What contradicts it. */
  readonly notes: readonly string[];
}

/**
 * Tells the class.
 *
 * @throws {InputError} If the tensors are of none, or of two and nothing says of which, or the class
 * is no SAE of one place.
 */
export function classOf(file: TensorFile, config: DictionaryConfig | undefined): ToldClass {
  const said = /\w+(?=\W*$)/.exec(config?.dict_class ?? "")?.[0]; // also <class '….AutoEncoder'>
  const encoder = file.tensors.get("encoder.weight") ?? file.tensors.get("W_enc");
  if (said === "CrossCoder" || encoder?.shape.length === 3) {
    throw new InputError(
      `${file.path} is a crosscoder: each of its features reads the states of several models or ` +
        "layers, and coact reads SAEs of one place",
    );
  }
  const fitting = fittingClasses(file);
  const [first, second] = fitting;
  if (first === undefined) {
    throw new InputError(
      `${file.path} has the tensors of no class of dictionary_learning (${
        Object.keys(CLASS_TENSORS).join(", ")
      }): it holds ${[...file.tensors.keys()].slice(0, 12).join(", ") || "none"}`,
    );
  }
  const trainer = config?.trainer_class ?? undefined;
  const trained = trainer !== undefined && Object.hasOwn(TRAINERS, trainer)
    ? TRAINERS[trainer]
    : undefined;
  const name = second === undefined
    ? first
    : fitting.find((each) => each === said) ?? fitting.find((each) => each === trained);
  if (name === undefined) {
    throw new InputError(
      `${file.path} can be read in two ways: its tensors are those of ${
        fitting.join(" and of ")
      }, ` +
        `and ${
          said === undefined ? `nothing says dict_class` : `${CONFIG} says dict_class ${said}`
        }`,
    );
  }
  if (name === "AutoEncoderTopK") refuseBatch(file, { said, trainer, trained });
  return { name, notes: notesOn({ name, said, trainer, trained, file }) };
}

/** A class that keeps the largest of a batch, before it had a threshold: its tensors are top-k's. */
function refuseBatch(
  { path, tensors }: TensorFile,
  { said, trainer, trained }: {
    said: string | undefined;
    trainer: string | undefined;
    trained: DictionaryClass | undefined;
  },
): void {
  if (tensors.has("threshold") || (said ?? trained) !== "BatchTopKSAE") return;
  const what = said === undefined ? `trainer_class ${trainer}` : `dict_class ${said}`;
  throw new InputError(
    `${path}: ${CONFIG} says ${what}, but there is no threshold: without one it keeps the largest ` +
      "activations of all rows together, so that a row's features depend on the rows beside it; " +
      "coact encodes row by row",
  );
}

function fittingClasses({ tensors }: TensorFile): DictionaryClass[] {
  const has = (name: string) => tensors.has(name);
  if (has("W_enc")) {
    if (has("k") || has("group_sizes")) return ["MatryoshkaBatchTopKSAE"];
    return has("threshold") ? ["JumpReluAutoEncoder"] : [];
  }
  if (!has("encoder.weight")) return [];
  if (has("gate_bias") || has("r_mag")) return ["GatedAutoEncoder"];
  if (has("k")) {
    if (!has("threshold")) return ["AutoEncoderTopK"]; // as it was before thresholds
    return has("activation_mean") ? ["BatchTopKSAE"] : ["AutoEncoderTopK", "BatchTopKSAE"];
  }
  if (has("bias")) return ["AutoEncoder"];
  // As it was before k was a tensor.
  if (has("b_dec") && !has("threshold")) return ["AutoEncoderTopK"];
  return has("decoder.bias") ? ["AutoEncoderNew"] : [];
}

function notesOn(
  { name, said, trainer, trained, file }: {
    name: DictionaryClass;
    said: string | undefined;
    trainer: string | undefined;
    trained: DictionaryClass | undefined;
    file: TensorFile;
  },
): string[] {
  if (said !== undefined && said !== name) {
    const names = [...file.tensors.keys()].join(", ");
    return [
      `${CONFIG} says dict_class ${said}, but its tensors (${names}) are those of ${name}: the ` +
      "tensors decide",
    ];
  }
  if (trained === undefined || trained === name) return [];
  return [
    `${CONFIG} says trainer_class ${trainer}, which makes ${trained}, but ` +
    (said === undefined ? `the tensors are those of ${name}` : `dict_class ${said}`) +
    `: it is read as ${name}`,
  ];
}
