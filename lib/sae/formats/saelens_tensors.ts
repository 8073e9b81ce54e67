/**
 * Whether the tensors of an SAE of SAELens are those that its configuration asks for.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./tensor_checks.ts";
import { checkedK, notesOnUnread } from "./said.ts";
import type { SaelensConfig } from "./saelens_config.ts";
import { SCALINGS, TOPK_THRESHOLD } from "./saelens_weights.ts";
import { squareNotes } from "./square.ts";

/** What an SAE is said to be whose configuration says that the model's writing weights were centred. */
export const CENTRING_NOTE =
  "it was trained on residuals from which their mean was subtracted (center_writing_weights)";

/** The tensors that each architecture has beside W_enc, W_dec and b_dec, a number a feature. */
const VECTORS: Readonly<Record<string, readonly string[]>> = {
  standard: ["b_enc"],
  jumprelu: ["b_enc", "threshold"],
  topk: ["b_enc"],
  abstopk: ["b_enc"],
  gated: ["b_gate", "b_mag", "r_mag"],
  batchtopk: ["b_enc"],
  matryoshka_batchtopk: ["b_enc"],
  matching_pursuit: [],
};

/** Architectures that no function of one row computes, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  temporal: "reads the hidden states of the tokens before as well, and encodes no row by itself",
};

/**
 * Makes sure that an architecture is one that coact encodes.
 *
 * @throws {InputError} If it is not, with the reason.
 */
export function checkArchitecture(path: string, { architecture, declared }: SaelensConfig): void {
  if (Object.hasOwn(VECTORS, architecture)) return;
  const why = Object.hasOwn(REFUSED, architecture)
    ? `which ${REFUSED[architecture]}; coact encodes`
    : "which coact does not encode; it does";
  throw new InputError(
    `${path}: its architecture is ${declared}, ${why} ${Object.keys(VECTORS).join(", ")}`,
  );
}

/**
 * Holds tensors and configuration against each other.
 *
 * @returns The width of the hidden states, and how many features there are.
 * @throws {InputError} If a tensor is missing or of another shape, or they contradict each other.
 */
export function checkSaelensTensors(
  tensors: TensorFile,
  config: SaelensConfig,
): readonly [number, number] {
  const { source, declared, isTranscoder } = config;
  const [width, featureCount] = saelensSizes(tensors, config);
  const [, outputs] = isTranscoder ? sizesOf(tensors, "W_dec") : [0, width];
  expectShape(tensors, "W_dec", [featureCount, outputs]);
  expectShape(tensors, "b_dec", [outputs]);
  for (const name of VECTORS[config.architecture]!) expectShape(tensors, name, [featureCount]);
  for (const name of SCALINGS) {
    if (tensors.tensors.has(name)) expectShape(tensors, name, [featureCount]);
  }
  if (isTrained(config)) expectShape(tensors, TOPK_THRESHOLD, []);
  checkNumberTypes(tensors, namesOf(config).filter((name) => tensors.tensors.has(name)));
  const hasSkip = tensors.tensors.has("W_skip");
  if (hasSkip !== declared.endsWith("skip_transcoder")) {
    throw new InputError(
      `${tensors.path} contradicts ${source}: ${source} says ${declared}, but it has ` +
        `${hasSkip ? "a" : "no"} W_skip`,
    );
  }
  if (hasSkip) expectShape(tensors, "W_skip", [outputs, width]);
  const { d_in = width, d_sae = featureCount, d_out = outputs } = config;
  if (d_in !== width || d_sae !== featureCount) {
    throw new InputError(
      `${tensors.path} contradicts ${source}: its ${matrixOf(config)} is ${
        sizesOf(tensors, matrixOf(config)).join(" × ")
      }, but ` +
        `${source} says d_in ${config.d_in} and d_sae ${config.d_sae}`,
    );
  }
  if (isTranscoder && d_out !== outputs) {
    throw new InputError(
      `${tensors.path} contradicts ${source}: its W_dec is ${featureCount} × ${outputs}, but ` +
        `${source} says d_out ${d_out}`,
    );
  }
  if (config.k !== undefined) {
    checkedK({ path: tensors.path, source, name: "k", value: config.k }, featureCount);
  }
  return [width, featureCount];
}

/** The width of the hidden states, and how many features there are. */
function saelensSizes(
  tensors: TensorFile,
  config: SaelensConfig,
): readonly [number, number] {
  const [rows, columns] = sizesOf(tensors, matrixOf(config));
  return isTied(config) ? [columns, rows] : [rows, columns];
}

/** Whether what features read is what they write, as of matching pursuit. */
function isTied({ pursuit }: SaelensConfig): boolean {
  return pursuit !== undefined;
}

/** The matrix that features read with. */
function matrixOf(config: SaelensConfig): string {
  return isTied(config) ? "W_dec" : "W_enc";
}

/** Whether it is of a training that goes on, which has a threshold that a saved one has not. */
function isTrained({ architecture }: SaelensConfig): boolean {
  return architecture.endsWith("batchtopk");
}

function namesOf(config: SaelensConfig): string[] {
  return [
    ...(isTied(config) ? [] : ["W_enc"]),
    ...["W_dec", "b_dec", "W_skip", ...SCALINGS],
    ...VECTORS[config.architecture]!,
    ...(isTrained(config) ? [TOPK_THRESHOLD] : []),
  ];
}

/** How far a scaling may be from 1 to be none, as the owner has it. */
const TOLERANCE = 1e-5;

/**
 * Makes sure that no features are scaled on decoding of which it is denied.
 *
 * @throws {InputError} If there are.
 */
export async function checkScaling(
  tensors: TensorFile,
  { source, scalesFeatures }: SaelensConfig,
): Promise<void> {
  const name = SCALINGS.find((name) => tensors.tensors.has(name));
  if (name === undefined || scalesFeatures !== false) return;
  const scaling = await tensors.read(name);
  if (scaling.every((value) => Math.abs(value - 1) <= TOLERANCE)) return;
  throw new InputError(
    `${tensors.path} contradicts ${source}: ${source} says finetuning_scaling_factor false, but its ` +
      `${name} is not 1 throughout`,
  );
}

/** What a user should know of how tensors and configuration go together. */
export async function saelensNotes(
  tensors: TensorFile,
  config: SaelensConfig,
): Promise<string[]> {
  const { architecture, declared, source, hookName, normalization, dtype, head } = config;
  const { layer, activationFn } = config;
  const notes: string[] = [];
  if (hookName === undefined) notes.push(`${source} has no hook_name: where it reads is not known`);
  const [, block] = /^blocks\.(\d{1,3})\./.exec(hookName ?? "") ?? [];
  if (block !== undefined && layer !== undefined && Number(block) !== layer) {
    notes.push(`${source} says layer ${layer}, but its hook is ${hookName}; the hook counts`);
  }
  if (!/^(relu|topk)$/.test(activationFn)) {
    notes.push(`${source} says activation_fn ${activationFn}, which SAELens 6 reads as relu`);
  }
  for (const what of config.unused) {
    notes.push(`${source} says ${what}, which its architecture ${declared} does not use`);
  }
  if (head !== undefined) notes.push(`it reads head ${head} of its hook only (hook_head_index)`);
  if (config.centred) notes.push(CENTRING_NOTE);
  if (tensors.tensors.has("threshold") && architecture !== "jumprelu") {
    notes.push(`its architecture is ${declared}, but it has a threshold, which is not used`);
  }
  if (config.inputScale !== undefined) {
    notes.push(
      "it is a checkpoint of a training: the scale of its input " +
        `(${config.inputScale}) is applied, and features are as they would be at its end`,
    );
  } else if (/^(expected_average_only_in|covariance_whitening)$/.test(normalization)) {
    notes.push(
      `${source} says normalize_activations ${normalization}, whose numbers it does not hold; like ` +
        "SAELens, coact takes its weights as they are",
    );
  }
  const stored = tensors.tensors.get(matrixOf(config))!.dataType;
  if (dtype !== undefined && dtype !== stored) {
    notes.push(
      `${source} says dtype ${dtype}, but ${matrixOf(config)} is ${stored}${
        stored === "bfloat16" ? " (BF16)" : ""
      }; what the tensors are counts`,
    );
  }
  const unread = notesOnUnread(tensors, [...namesOf(config), "threshold"]);
  if (isTied(config)) return [...notes, ...unread];
  const square = await squareNotes(tensors, {
    encoder: "W_enc",
    isEncoderTransposed: true,
    decoder: "W_dec",
    isDecoderTransposed: false,
  });
  return [...notes, ...unread, ...(config.isTranscoder ? [] : square)];
}
