/**
 * What an SAE makes of p = W h + b, feature by feature:
 *
 *     z = p > threshold ? max(floor, scale p + offset) : 0
 *
 * All architectures that look at one feature at a time are this formula: linear (nothing is cut),
 * ReLU (threshold 0), JumpReLU (a threshold a feature), BatchTopK as it is used after training (one
 * threshold), gated (threshold -b_gate, scale exp(r), offset b_mag, floor 0). Top-k is a threshold a
 * question, which a first pass finds; of features at the threshold, the lower ones are kept.
 *
 * Sources: https://arxiv.org/abs/2407.14435 (JumpReLU), https://arxiv.org/abs/2412.06410 (BatchTopK),
 * https://arxiv.org/abs/2404.16014 (gated).
 *
 * @module
 */
import { LARGEST_FLOAT32 } from "../tensors/magnitude.ts";
import type { TopK } from "./top_k.ts";

/** The formula's parameters. What is absent is not computed. */
export interface Activation {
  /**
   * Where p is not above it, z is 0: one number, one a feature, or what leaves so many features a
   * question. Default: nothing is cut.
   */
  readonly threshold?: number | Float32Array | TopK | undefined;
  /** The least z of a feature that is above its threshold. Default: there is none. */
  readonly floor?: number | undefined;
  /** What p is multiplied with, one number a feature. Default: 1. */
  readonly scale?: Float32Array | undefined;
  /** What is added after that, one number a feature. Default: 0. */
  readonly offset?: Float32Array | undefined;
}

/** z = p. */
export const LINEAR: Activation = {};
/** z = max(p, 0). */
export const RELU: Activation = { threshold: 0 };

/** Which parameters a formula has: what a program is written for, whose numbers come later. */
export interface ActivationForm {
  /** `one` for all features, one for `each`, or one a question, for p's `value` or `magnitude`. */
  readonly threshold: "none" | "one" | "each" | TopK["by"];
  /** Whether it has a floor. */
  readonly floor: boolean;
  /** Whether it has a scale. */
  readonly scale: boolean;
  /** Whether it has an offset. */
  readonly offset: boolean;
}

/** The form of a formula. */
export function formOf({ threshold, floor, scale, offset }: Activation): ActivationForm {
  return {
    threshold: formOfThreshold(threshold),
    floor: floor !== undefined,
    scale: scale !== undefined,
    offset: offset !== undefined,
  };
}

function formOfThreshold(threshold: Activation["threshold"]): ActivationForm["threshold"] {
  if (threshold === undefined) return "none";
  if (typeof threshold === "number") return "one";
  return threshold instanceof Float32Array ? "each" : threshold.by;
}

/** Whether a form has a threshold a question. */
export function isTopK({ threshold }: ActivationForm): boolean {
  return threshold === "value" || threshold === "magnitude";
}

/** A form as text; two that are alike give the same. */
export function formKey({ threshold, floor, scale, offset }: ActivationForm): string {
  return [threshold, floor, scale, offset].join(" ");
}

/** The parameters that a formula has one of for each feature, in this order everywhere. */
export const FEATURE_PARAMETERS = ["threshold", "scale", "offset"] as const;

/** Those of them that a form has. */
export function featureParametersOf(
  form: ActivationForm,
): readonly (typeof FEATURE_PARAMETERS)[number][] {
  return FEATURE_PARAMETERS.filter((name) => form[name] === true || form[name] === "each");
}

/** The parameters of one feature, as the devices get them: in float32, and finite. */
export interface FeatureActivation {
  /** Undefined if nothing is cut, or each question has its own. */
  readonly threshold: number | undefined;
  /** Whether the magnitude of p is held against the threshold. */
  readonly byMagnitude: boolean;
  /** Undefined if there is no floor. */
  readonly floor: number | undefined;
  /** 1 if there is none. */
  readonly scale: number;
  /** 0 if there is none. */
  readonly offset: number;
}

/** The parameters of one feature. */
export function activationOf(
  { threshold, floor, scale, offset }: Activation,
  feature: number,
): FeatureActivation {
  const own = threshold instanceof Float32Array ? threshold[feature]! : threshold;
  return {
    threshold: typeof own === "number" ? finite(own) : undefined,
    byMagnitude: typeof own === "object" && own.by === "magnitude",
    floor: floor === undefined ? undefined : finite(floor),
    scale: scale?.[feature] ?? 1,
    offset: offset?.[feature] ?? 0,
  };
}

/**
 * What a device needs to know of neighbouring features: the bias of each, then the parameters of the
 * form, one after the other.
 *
 * @param stride How many numbers each of them takes; beyond the features they are 0.
 * @returns `[1 + parameters, stride]`.
 */
export function packParameters(
  { bias, activation }: {
    readonly bias: Float32Array<ArrayBuffer>;
    readonly activation: Activation;
  },
  { first, count }: { first: number; count: number },
  stride: number,
): Float32Array<ArrayBuffer> {
  const names = featureParametersOf(formOf(activation));
  const packed = new Float32Array((1 + names.length) * stride);
  packed.set(bias.subarray(first, first + count));
  names.forEach((name, i) => {
    const values = (activation[name] as Float32Array).subarray(first, first + count);
    packed.set(values.map(finite), (i + 1) * stride);
  });
  return packed;
}

/** z of p, for one feature. */
export function activate(
  { threshold, byMagnitude, floor, scale, offset }: FeatureActivation,
  p: number,
): number {
  const size = byMagnitude ? Math.abs(p) : p;
  if (threshold !== undefined && !(size > threshold)) return 0;
  const z = scale * p + offset;
  return floor === undefined ? z : Math.max(floor, z);
}

/** Whether z may be less than 0. */
export function mayBeNegative({ threshold, floor, scale, offset }: Activation): boolean {
  if (floor !== undefined && floor >= 0) return false;
  if (scale !== undefined || offset !== undefined) return true;
  if (threshold instanceof Float32Array) return threshold.some((each) => each < 0);
  return !(typeof threshold === "number" && threshold >= 0);
}

/** A number in float32: WGSL knows no infinity, and nothing is above the largest number either. */
export function finite(value: number): number {
  return Math.max(-LARGEST_FLOAT32, Math.min(LARGEST_FLOAT32, Math.fround(value)));
}
