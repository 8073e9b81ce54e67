/**
 * Which features are kept for every question. A backend keeps neighbours; those that are none are
 * encoded once more, by themselves, where they are neighbours.
 *
 * @module
 */
import { type FeatureRange, readRowsOf, wholeRows } from "../feature_rows.ts";
import { prepareRows } from "../input.ts";
import type { Sae, Target } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";
import { encodeGroups, featureGroups, type KeptFeatures } from "./feature_groups.ts";
import { checkEncodeInput, type Encoded, type EncodeInput } from "./encoder.ts";

/** What a backend does at a time. Its hidden states have gone through the SAE's input steps. */
export interface EncodeTask extends EncodeInput {
  /** What is kept for every question. */
  readonly kept: FeatureRange;
  /** What top-k comes to, if that is known already. */
  readonly cutoffs?: Cutoffs | undefined;
}

/**
 * Encodes through a backend, whatever is to be kept.
 *
 * @param encode The backend.
 * @throws {RangeError} If the parts of the input do not fit together.
 */
export async function encodeKept(
  input: EncodeInput,
  encode: (task: EncodeTask) => Promise<Encoded>,
): Promise<Encoded> {
  checkEncodeInput(input);
  const groups = featureGroups(input.sae);
  if (groups !== undefined) {
    const kept = keptFeatures(input);
    return await encodeGroups(input, { groups, kept }, (own) => encodeKept(own, encode));
  }
  const { hidden, sae, cutoffs, kept, ...rest } = { cutoffs: undefined, ...prepareInput(input) };
  const range = kept ?? neighbours(sae.targets);
  if (range !== undefined) return await encode({ ...rest, hidden, sae, kept: range, cutoffs });
  const encoded = await encode({ ...rest, hidden, sae, kept: { first: 0, count: 0 }, cutoffs });
  const { alone, columns } = await targetsAlone(sae);
  const { keptActivations } = await encode({
    ...rest,
    hidden,
    sae: alone,
    kept: { first: 0, count: alone.featureCount },
    cutoffs: encoded.cutoffs && amongTargets(encoded.cutoffs, sae),
  });
  return { ...encoded, keptActivations: pickColumns(keptActivations, alone.featureCount, columns) };
}

/** An input whose hidden states have gone through the SAE's input steps. */
export function prepareInput(input: EncodeInput): EncodeInput {
  const { hidden, sae } = input;
  if (sae.input.length === 0) return input;
  return { ...input, hidden: prepareRows(sae.input, hidden), sae: { ...sae, input: [] } };
}

/** The features that an input asks to be kept, in order. */
export function keptFeatures({ sae: { targets }, kept }: EncodeInput): KeptFeatures {
  if (kept !== undefined) return { count: kept.count, feature: (index) => kept.first + index };
  return { count: targets.length, feature: (index) => targets[index]!.feature };
}

/** The range that targets make; undefined if they are no neighbours in order. */
function neighbours(targets: readonly Target[]): FeatureRange | undefined {
  const first = targets[0]?.feature ?? 0;
  const areNeighbours = targets.every(({ feature }, i) => feature === first + i);
  return areNeighbours ? { first, count: targets.length } : undefined;
}

/** The targets of an SAE in ascending order, each once. */
function ascending({ targets }: Sae): number[] {
  return [...new Set(targets.map(({ feature }) => feature))].sort((a, b) => a - b);
}

/** An SAE of nothing but the targets, and in which of its columns each target is. */
async function targetsAlone(sae: Sae): Promise<{ alone: Sae; columns: number[] }> {
  const { width, bias, activation: { threshold, scale, offset, floor } } = sae;
  const features = ascending(sae);
  const pick = (values: Float32Array) => Float32Array.from(features, (feature) => values[feature]!);
  const alone: Sae = {
    ...sae,
    featureCount: features.length,
    rows: wholeRows(await readRowsOf(sae.rows, features), width),
    bias: pick(bias),
    activation: {
      threshold: threshold instanceof Float32Array ? pick(threshold) : threshold,
      floor,
      scale: scale && pick(scale),
      offset: offset && pick(offset),
    },
    targets: [],
  };
  return { alone, columns: sae.targets.map(({ feature }) => features.indexOf(feature)) };
}

/** Cutoffs by the numbers that the targets have by themselves. */
function amongTargets({ thresholds, ends }: Cutoffs, sae: Sae): Cutoffs {
  const features = ascending(sae);
  return { thresholds, ends: ends.map((end) => features.filter((own) => own < end).length) };
}

function pickColumns(
  values: Float32Array,
  width: number,
  columns: readonly number[],
): Float32Array<ArrayBuffer> {
  const picked = new Float32Array(values.length / width * columns.length);
  for (let i = 0; i < picked.length; i++) {
    const row = Math.floor(i / columns.length);
    picked[i] = values[row * width + columns[i % columns.length]!]!;
  }
  return picked;
}
