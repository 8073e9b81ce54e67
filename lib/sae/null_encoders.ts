/**
 * Encoders that know nothing of what an SAE was trained for, to compare it with: one of random
 * directions, and the residual stream's own numbers, its neurons.
 *
 * @module
 */
import { type Activation, LINEAR } from "./activation.ts";
import { type FeatureRows, freeNumbers, readRowsOf, wholeRows } from "./feature_rows.ts";
import { FEATURE_STEP } from "./feature_ranges.ts";
import { lengthOf, type RandomDirections } from "./random_directions.ts";
import type { EncoderWeights, Sae } from "./sae.ts";

/**
 * Features that stand for all: all of them, if they are few; else runs of 16 neighbours, evenly spaced,
 * so that the rows of a long file are read in few pieces.
 *
 * @param featureCount How many there are.
 * @param most How many are taken at most, at least 16.
 * @returns Their numbers, ascending.
 */
export function sampleFeatures(featureCount: number, most: number): number[] {
  if (featureCount <= most) return Array.from({ length: featureCount }, (_, feature) => feature);
  const runs = Math.floor(most / FEATURE_STEP);
  const places = Math.floor(featureCount / FEATURE_STEP);
  return Array.from({ length: runs }, (_, run) => {
    const first = FEATURE_STEP * Math.floor(run * places / runs);
    return Array.from({ length: FEATURE_STEP }, (_, i) => first + i);
  }).flat();
}

/**
 * An SAE's encoder with random directions in place of its own: each has the length of the row that it
 * stands for, its bias and its threshold, and states are prepared in the same way. Where the SAE keeps
 * so many features of a question, or picks so many, the same share of these is. All of it is in memory.
 *
 * @param features The features that it is made of, ascending.
 * @param directions The directions.
 * @throws {InputError} If the SAE's weights are damaged.
 */
export async function randomEncoder(
  sae: Sae,
  features: readonly number[],
  directions: RandomDirections,
): Promise<Sae> {
  const { width, input, featureCount, activation, glu, pursuit } = sae;
  const share = features.length / featureCount;
  return {
    width,
    featureCount: features.length,
    ...await randomWeights(sae, features, (norms) => directions.rows(norms, width)),
    glu: glu && await randomWeights(glu, features, (norms) => directions.rows(norms, width, 1)),
    pursuit: pursuit && {
      ...pursuit,
      mostPicks: Math.max(1, Math.round(pursuit.mostPicks * share)),
    },
    input,
    activation: pickActivation(activation, features, featureCount),
    targets: [],
  };
}

/** Random directions as long as the rows of some features, with their biases. */
async function randomWeights(
  { rows, bias }: EncoderWeights,
  features: readonly number[],
  randomRows: (norms: Float64Array) => Float32Array<ArrayBuffer>,
): Promise<EncoderWeights> {
  const { width } = rows;
  const own = await readRowsOf(rows, features);
  const norms = Float64Array.from(
    features,
    (_, i) => lengthOf(own.subarray(i * width, (i + 1) * width)),
  );
  return {
    rows: wholeRows(randomRows(norms), width),
    bias: Float32Array.from(features, (feature) => bias[feature]!),
  };
}

/** The numbers of a state as they are: an encoder that does nothing. */
export function neurons(width: number): Sae {
  return linear({
    width,
    read(first, count) {
      const rows = new Float32Array(count * width);
      for (let i = 0; i < count; i++) rows[i * width + first + i] = 1;
      return Promise.resolve(rows);
    },
    release: freeNumbers,
  }, width);
}

/**
 * How far states go into given directions.
 *
 * @param directions `[count, width]`, rows first.
 */
export function projections(directions: Float32Array<ArrayBuffer>, width: number): Sae {
  return linear(wholeRows(directions, width), directions.length / width);
}

function linear(rows: FeatureRows, featureCount: number): Sae {
  const { width } = rows;
  const bias = new Float32Array(featureCount);
  return { width, featureCount, rows, bias, input: [], activation: LINEAR, targets: [] };
}

function pickActivation(
  { threshold, floor, scale, offset }: Activation,
  features: readonly number[],
  featureCount: number,
): Activation {
  const own = (values: Float32Array) => Float32Array.from(features, (feature) => values[feature]!);
  const share = features.length / featureCount;
  return {
    threshold: typeof threshold !== "object" ? threshold : "k" in threshold
      ? {
        k: Math.max(1, Math.round(threshold.k * (threshold.groups ?? 1) * share)),
        by: threshold.by,
      }
      : own(threshold),
    floor,
    scale: scale && own(scale),
    offset: offset && own(offset),
  };
}
