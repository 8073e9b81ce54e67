/**
 * Whether the tensors of a dictionary are what its class and its configuration say.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { ClassTensors } from "./dictionary_learning_classes.ts";
import { CONFIG, type DictionaryConfig } from "./dictionary_learning_config.ts";
import { checkedK, checkSaid } from "./said.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";

/**
 * The width and the number of features of a dictionary.
 *
 * @throws {InputError} If a tensor is missing or of another shape, or the configuration says otherwise.
 */
export function checkTensors(
  path: string,
  tensors: TensorFile,
  { named, config }: { named: ClassTensors; config: DictionaryConfig | undefined },
): readonly [number, number] {
  const [rows, columns] = sizesOf(tensors, named.encoder);
  const [width, featureCount] = named.isEncoderTransposed ? [rows, columns] : [columns, rows];
  expectShape(
    tensors,
    named.decoder,
    named.isDecoderTransposed ? [width, featureCount] : [featureCount, width],
  );
  expectShape(tensors, named.decoderBias, [width]);
  for (const name of [named.encoderBias ?? [], named.vectors].flat()) {
    expectShape(tensors, name, [featureCount]);
  }
  const said = (name: "activation_dim" | "dict_size") => ({
    path,
    source: CONFIG,
    name,
    value: config?.[name],
  });
  checkSaid(said("activation_dim"), width, "its tensors have width");
  checkSaid(said("dict_size"), featureCount, "the number of features in its tensors is");
  return [width, featureCount];
}

/**
 * Reads tensors of one number.
 *
 * @returns Their numbers, by their names.
 * @throws {InputError} If one is missing, of several numbers, or not finite.
 */
export async function readScalars(
  tensors: TensorFile,
  named: ClassTensors,
): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const name of named.scalars) {
    const info = tensors.tensors.get(name);
    if (info !== undefined && info.shape.length === 1) expectShape(tensors, name, [1]);
    else expectShape(tensors, name, []);
    const [value] = await tensors.readNumbers(name);
    if (!Number.isFinite(value)) {
      throw new InputError(`${tensors.path}: tensor ${name} is ${value}, expected a finite number`);
    }
    numbers.set(name, value!);
  }
  return numbers;
}

/**
 * How many features of a question are kept.
 *
 * @throws {InputError} If that is no number of features, or the configuration says otherwise.
 */
export function checkK(
  path: string,
  { tensor, said, featureCount }: {
    tensor: number | undefined;
    said: number | null | undefined;
    featureCount: number;
  },
): number {
  const k = checkedK({ path, source: "its tensor k", name: "k", value: tensor }, featureCount);
  checkSaid({ path, source: CONFIG, name: "k", value: said }, k, "its tensor k is");
  return k;
}

/**
 * The groups of a Matryoshka SAE are all its features; after loading, all of them are active.
 *
 * @throws {InputError} If they are not.
 */
export async function checkGroups(tensors: TensorFile, featureCount: number): Promise<void> {
  if (!tensors.tensors.has("group_sizes")) return;
  const sizes = await tensors.readNumbers("group_sizes");
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === featureCount && sizes.every((size) => size > 0)) return;
  throw new InputError(
    `${tensors.path} contradicts itself: its group_sizes (${
      sizes.join(", ")
    }) come to ${total}, but ` +
      `it has ${featureCount} features`,
  );
}
