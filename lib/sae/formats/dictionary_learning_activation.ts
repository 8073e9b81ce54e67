/**
 * What the classes of dictionary_learning, and of jkminder's fork of it, make of p.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import type { ClassTensors, DictionaryClass } from "./dictionary_learning_classes.ts";
import { directionLengths } from "./tensor_encoder.ts";

/**
 * Whether activations are times the lengths of what their features add: of the library's AutoEncoder,
 * whose loader brings its decoder's columns to length 1, and of the fork's gates and thresholds.
 *
 * @param isFork Whether the file is called as the fork's are.
 * @returns Whether they are, and what a user should know.
 */
export function lengthsOf(
  name: DictionaryClass,
  isFork: boolean,
): { areCounted: boolean; notes: string[] } {
  const isOne = name === "AutoEncoder";
  if (!isOne && name !== "GatedAutoEncoder" && name !== "JumpReluAutoEncoder") {
    return { areCounted: false, notes: [] };
  }
  if (!isFork) return { areCounted: isOne, notes: [] };
  return {
    areCounted: !isOne,
    notes: [
      "it is read as jkminder's fork has it, whose files are called so: features are " +
      `${isOne ? "not " : ""}times the lengths of the decoder's columns, and of ` +
      `dictionary_learning (ae.pt) they are${isOne ? "" : " not"}`,
    ],
  };
}

/**
 * What becomes of p.
 *
 * @throws {InputError} If a tensor is damaged or not finite.
 */
export async function readActivation(
  tensors: TensorFile,
  { name, named, k, threshold, countsLengths }: {
    name: DictionaryClass;
    named: ClassTensors;
    k: number | undefined;
    threshold: number | undefined;
    countsLengths: boolean;
  },
): Promise<Activation> {
  const lengths = countsLengths
    ? Float32Array.from(await directionLengths(tensors, named.decoder, named.isDecoderTransposed))
    : undefined;
  switch (name) {
    case "AutoEncoder":
      return lengths === undefined ? RELU : { floor: 0, scale: lengths };
    case "AutoEncoderNew":
      return RELU;
    case "GatedAutoEncoder": {
      const scale = (await tensors.read("r_mag")).map(Math.exp);
      const offset = await tensors.read("mag_bias");
      return {
        threshold: (await tensors.read("gate_bias")).map((b) => -b),
        scale: scale.map((value, i) => value * (lengths?.[i] ?? 1)),
        offset: offset.map((value, i) => value * (lengths?.[i] ?? 1)),
        floor: 0,
      };
    }
    case "AutoEncoderTopK":
      return { threshold: { k: k!, by: "value" }, floor: 0 };
    case "BatchTopKSAE":
    case "MatryoshkaBatchTopKSAE":
      return { threshold: Math.max(0, threshold!) };
    case "JumpReluAutoEncoder":
      return { threshold: await tensors.read("threshold"), floor: 0, scale: lengths };
  }
}
