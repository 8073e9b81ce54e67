/**
 * Encoders that know nothing of what an SAE was trained for, to compare it with: one of random
 * directions, and the residual stream's own numbers, its neurons.
 *
 * @module
 */
import { NormalDraws } from "../stats/normal_draws.ts";
import { type Activation, LINEAR } from "./activation.ts";
import { type FeatureRows, freeNumbers, readRowsOf, wholeRows } from "./feature_rows.ts";
import { FEATURE_STEP } from "./feature_ranges.ts";
import type { EncoderWeights, Sae } from "./sae.ts";

/** Streams of random numbers of neighbouring features begin so far apart. */
const SEED_STEP = 0x9e3779b1;
/** Those of a second product begin so far from those of the first. */
const GLU_SEED = 0x85ebca6b;

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
 * Rows of random directions, each as likely, with given lengths. A row is drawn when it is read and is
 * the same each time.
 *
 * @param norms The length of each row.
 * @param seed A whole number from 0 to 2³² − 1.
 */
export function randomRows(
  norms: ArrayLike<number>,
  { width, seed }: { width: number; seed: number },
): FeatureRows {
  return {
    width,
    read(first, count) {
      const rows = new Float32Array(count * width);
      const direction = new Float64Array(width);
      for (let i = 0; i < count; i++) {
        const feature = first + i;
        const draws = new NormalDraws(seed + Math.imul(feature, SEED_STEP) >>> 0);
        for (let k = 0; k < width; k++) direction[k] = draws.next();
        const factor = norms[feature]! / lengthOf(direction);
        for (let k = 0; k < width; k++) rows[i * width + k] = factor * direction[k]!;
      }
      return Promise.resolve(rows);
    },
    release: freeNumbers,
  };
}

/**
 * An SAE's encoder with random directions in place of its own: each has the length of the row that it
 * stands for, its bias and its threshold, and states are prepared in the same way. Where the SAE keeps
 * so many features of a question, or picks so many, the same share of these is. All of it is in memory.
 *
 * @param features The features that it is made of, ascending.
 * @param seed A whole number from 0 to 2³² − 1.
 * @throws {InputError} If the SAE's weights are damaged.
 */
export async function randomEncoder(
  sae: Sae,
  features: readonly number[],
  seed: number,
): Promise<Sae> {
  const { width, input, featureCount, activation, glu, pursuit } = sae;
  const share = features.length / featureCount;
  return {
    width,
    featureCount: features.length,
    ...await randomWeights(sae, features, seed),
    glu: glu && await randomWeights(glu, features, seed + GLU_SEED >>> 0),
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
  seed: number,
): Promise<EncoderWeights> {
  const { width } = rows;
  const own = await readRowsOf(rows, features);
  const norms = Float64Array.from(
    features,
    (_, i) => lengthOf(own.subarray(i * width, (i + 1) * width)),
  );
  return {
    rows: wholeRows(await randomRows(norms, { width, seed }).read(0, features.length), width),
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

function lengthOf(row: Float32Array | Float64Array): number {
  let squares = 0;
  for (const each of row) squares += each * each;
  return Math.sqrt(squares);
}
