/** Inputs of encoders, and the same formulas in float64 to hold every backend against. */
import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { type Activation, LINEAR, RELU } from "../../../lib/sae/activation.ts";
import type { Encoded, EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { type SaeKind, saeOf, type SaeShape, type Target } from "../../../lib/sae/sae.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

/**
 * Groups that fill tiles of 128 and 256 questions exactly, by one, and not at all. The largest sum
 * here is of 300 activations of the order of 1: float32 keeps it to about 3e-5.
 */
export const GROUPS: number[] = [128, 1, 129, 300];
export const TOLERANCE = 1e-4;

/** How large an input is to be where it is not as most are. */
interface Sizes extends Partial<SaeShape> {
  readonly groupSizes?: readonly number[];
}

/** An input of random numbers. */
export function randomInput(kind: SaeKind, sizes: Sizes = {}): EncodeInput {
  const { width = 18, freeCount = 131 } = sizes; // neither is a multiple of a tile
  const { groupSizes = GROUPS } = sizes;
  const slotCount = kind === "traditional" ? 0 : sizes.slotCount ?? 7;
  const featureCount = freeCount + slotCount;
  const questions = groupSizes.reduce((a, b) => a + b);
  return {
    hidden: rowsInMemory(randomNumbers(questions * width, 1), width),
    groupSizes,
    sae: saeOf({ kind, width, featureCount, freeCount, slotCount }, {
      rows: wholeRows(randomNumbers(featureCount * width, 2), width),
      bias: randomNumbers(featureCount, 3),
    }),
    threshold: 0.1,
  };
}

/** z of p, all features of a question, from the formula alone. */
function formula({ threshold, floor, scale, offset }: Activation, p: readonly number[]): number[] {
  const isKept = keeps(threshold, p);
  return p.map((value, feature) => {
    const z = (scale?.[feature] ?? 1) * value + (offset?.[feature] ?? 0);
    return isKept(value, feature) ? Math.max(floor ?? -Infinity, z) : 0;
  });
}

function keeps(threshold: Activation["threshold"], p: readonly number[]) {
  if (threshold instanceof Float32Array) return (p: number, i: number) => p > threshold[i]!;
  if (typeof threshold !== "object") return (p: number) => p > (threshold ?? -Infinity);
  const size = threshold.by === "magnitude" ? Math.abs : (p: number) => p;
  const order = p.map((_, i) => i).sort((a, b) => size(p[b]!) - size(p[a]!) || a - b);
  const { k, groups = 1 } = threshold;
  const groupOf = (feature: number) => Math.floor(feature * groups / p.length);
  const kept = new Set(
    Map.groupBy(order, groupOf).values().flatMap((features) => features.slice(0, k)),
  );
  return (_: number, i: number) => kept.has(i);
}

/** Activations in float64, `[questions][features]`. */
async function activations({ hidden, sae }: EncodeInput): Promise<number[][]> {
  const { width, featureCount, rows, bias, activation } = sae;
  const weight = await rows.read(0, featureCount);
  const states = hidden.read(0, hidden.count);
  return Array.from(
    { length: hidden.count },
    (_, question) =>
      formula(
        activation,
        Array.from({ length: featureCount }, (_, feature) => {
          let p = 0;
          for (let i = 0; i < width; i++) {
            p += weight[feature * width + i]! * states[question * width + i]!;
          }
          return p + bias[feature]!;
        }),
      ),
  );
}

/** The greatest difference of what an encoder gives from the formula; counts have to be right. */
export async function checkEncoded(
  input: EncodeInput,
  { reductions, keptActivations }: Encoded,
): Promise<number> {
  const { groupSizes, sae: { featureCount, targets }, threshold } = input;
  const z = await activations(input);
  let worst = 0;
  let start = 0;
  groupSizes.forEach((size, group) => {
    for (let feature = 0; feature < featureCount; feature++) {
      const values = z.slice(start, start + size).map((row) => row[feature]!);
      const cell = group * featureCount + feature;
      const sum = values.reduce((a, b) => a + b);
      worst = Math.max(worst, Math.abs(reductions.sums[cell]! - sum));
      worst = Math.max(worst, Math.abs(reductions.maxima[cell]! - Math.max(...values)));
      // Float32 cannot tell on which side of the threshold an activation lies that is on it.
      const [low, high] = [threshold + 1e-6, threshold - 1e-6].map((bound) => {
        return values.filter((value) => value > bound).length;
      });
      const count = reductions.counts[cell]!;
      assert(low! <= count && count <= high!, `count ${count} of feature ${feature}`);
    }
    start += size;
  });
  assert.equal(keptActivations.length, z.length * targets.length);
  keptActivations.forEach((value, i) => {
    const exact = z[Math.floor(i / targets.length)]![targets[i % targets.length]!.feature]!;
    worst = Math.max(worst, Math.abs(value - exact));
  });
  return worst;
}

/** How features become active, one of each kind there is. Thresholds lie among the values. */
export const ACTIVATIONS: Record<string, (features: number) => Activation> = {
  linear: () => LINEAR,
  ReLU: () => RELU,
  JumpReLU: (features) => ({ threshold: randomNumbers(features, 4) }),
  "JumpReLU of some features, linear of others": (features) => ({
    threshold: randomNumbers(features, 4).map((value, i) => i % 3 === 0 ? -Infinity : value),
  }),
  BatchTopK: () => ({ threshold: 0.31 }),
  gated: (features) => ({
    threshold: randomNumbers(features, 5),
    scale: randomNumbers(features, 6).map(Math.exp),
    offset: randomNumbers(features, 7),
    floor: 0,
  }),
  "a floor and an offset": (features) => ({ floor: -0.2, offset: randomNumbers(features, 8) }),
  "a floor alone": () => ({ floor: 0.125 }),
  "top-k": () => ({ threshold: { k: 9, by: "value" }, floor: 0 }),
  "top-1, signed": () => ({ threshold: { k: 1, by: "value" } }),
  "top-k of nearly all": (features) => ({ threshold: { k: features - 1, by: "value" } }),
  "top-k of all": (features) => ({ threshold: { k: features, by: "value" }, floor: 0 }),
  "top-k by magnitude, scaled": (features) => ({
    threshold: { k: 23, by: "magnitude" },
    scale: randomNumbers(features, 9),
  }),
  groupmax: () => ({ threshold: { k: 1, by: "value", groups: 6 }, floor: 0 }),
  "top-k of each of two groups": () => ({ threshold: { k: 5, by: "magnitude", groups: 2 } }),
  "a scale and one threshold": (features) => ({
    threshold: -0.1,
    scale: randomNumbers(features, 9),
  }),
  "an offset above the threshold 0": (features) => ({
    threshold: 0,
    offset: randomNumbers(features, 9),
  }),
};

/** Targets that are neighbours, one a group. */
export function targetsFrom({ first, count }: { first: number; count: number }): Target[] {
  return Array.from({ length: count }, (_, group) => ({ feature: first + group, group }));
}

/** The plain input with another activation, and its targets wherever they are. */
export function inputWith(activation: Activation, targets: readonly Target[]): EncodeInput {
  const { sae, ...rest } = randomInput("supervised");
  return { ...rest, sae: { ...sae, activation, targets } };
}

/** Features that are equal, some by threes, and some that are 0 whatever the question. */
export async function inputWithTies(activation: Activation): Promise<EncodeInput> {
  const input = inputWith(activation, targetsFrom({ first: 70, count: 60 }));
  const { sae } = input;
  const { width, featureCount } = sae;
  const weight = (await sae.rows.read(0, featureCount)).slice();
  const bias = sae.bias.slice();
  for (let feature = 46; feature < featureCount; feature++) {
    const other = feature % 46;
    weight.copyWithin(feature * width, other * width, (other + 1) * width);
    bias[feature] = bias[other]!;
  }
  weight.fill(0, 20 * width, 30 * width);
  bias.fill(0, 20, 30);
  bias[25] = -0;
  return { ...input, sae: { ...sae, rows: wholeRows(weight, width), bias } };
}
