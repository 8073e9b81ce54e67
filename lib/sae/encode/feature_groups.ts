/**
 * Top-k within runs of neighbouring features: each run is encoded as an SAE of its own, of which top-k
 * leaves so many, and what they give is put side by side.
 *
 * @module
 */
import type { Activation } from "../activation.ts";
import type { Sae } from "../sae.ts";
import type { FeatureRange, FeatureRows } from "../feature_rows.ts";
import { shared } from "./encode_chunks.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { emptyReductions, type Reductions } from "./reductions.ts";

/** The runs that top-k chooses from; undefined if all features are one, or there is no top-k. */
export function featureGroups({ featureCount, activation }: Sae): FeatureRange[] | undefined {
  const { threshold } = activation;
  if (typeof threshold !== "object" || !("k" in threshold)) return undefined;
  const { groups = 1 } = threshold;
  if (groups === 1) return undefined;
  const count = featureCount / groups;
  if (!Number.isInteger(count)) {
    throw new RangeError(`Cannot divide ${featureCount} features into ${groups} groups`);
  }
  return Array.from({ length: groups }, (_, group) => ({ first: group * count, count }));
}

/** Features that an input asks to be kept, in order. */
export interface KeptFeatures {
  /** How many. */
  readonly count: number;
  /** Which, by its place among them. */
  readonly feature: (index: number) => number;
}

/**
 * Encodes run by run.
 *
 * @param groups The runs, and what is kept of all features.
 * @param encode Encodes one of them.
 */
export async function encodeGroups(
  input: EncodeInput,
  { groups, kept }: { groups: readonly FeatureRange[]; kept: KeptFeatures },
  encode: (input: EncodeInput, range: FeatureRange) => Promise<Encoded>,
): Promise<Encoded> {
  const { hidden, groupSizes, sae } = input;
  const reductions = emptyReductions(groupSizes, sae.featureCount);
  const keptActivations = new Float32Array(hidden.count * kept.count);
  for (const range of groups) {
    const own = {
      ...input,
      sae: someFeatures(sae, range),
      kept: input.kept && moved(shared(range, input.kept), -range.first),
    };
    const encoded = await encode(own, range);
    addReductions(reductions, encoded.reductions, range.first);
    const columns = columnsOf(kept, range);
    columns.forEach((column, i) => {
      for (let question = 0; question < hidden.count; question++) {
        keptActivations[question * kept.count + column] = encoded
          .keptActivations[question * columns.length + i]!;
      }
    });
  }
  return { reductions, keptActivations };
}

function moved({ first, count }: FeatureRange, by: number): FeatureRange {
  return { first: first + by, count };
}

/** In which columns of what is kept the features of a run stand that are kept of it. */
function columnsOf({ count, feature }: KeptFeatures, range: FeatureRange): number[] {
  return Array.from({ length: count }, (_, column) => column)
    .filter((column) => isIn(range, feature(column)));
}

function isIn({ first, count }: FeatureRange, feature: number): boolean {
  return feature >= first && feature < first + count;
}

/** Some neighbouring features of an SAE, by themselves; top-k is within them. */
function someFeatures(sae: Sae, range: FeatureRange): Sae {
  const { first, count } = range;
  const { rows, bias, targets } = sae;
  return {
    ...sae,
    featureCount: count,
    rows: someRows(rows, first),
    bias: bias.subarray(first, first + count),
    activation: activationOfSome(sae.activation, range),
    targets: targets.filter(({ feature }) => isIn(range, feature))
      .map((target) => ({ ...target, feature: target.feature - first })),
  };
}

function someRows({ width, read }: FeatureRows, offset: number): FeatureRows {
  return { width, read: (first, count) => read(offset + first, count) };
}

function activationOfSome(activation: Activation, { first, count }: FeatureRange): Activation {
  const { threshold, scale, offset } = activation;
  const topK = typeof threshold === "object" && "k" in threshold ? threshold : undefined;
  return {
    ...activation,
    threshold: topK && { k: topK.k, by: topK.by },
    scale: scale?.subarray(first, first + count),
    offset: offset?.subarray(first, first + count),
  };
}

/** Puts the reductions of a run where they belong. */
function addReductions(all: Reductions, own: Reductions, first: number): void {
  for (const name of ["sums", "maxima", "counts"] as const) {
    for (let group = 0; group < all.groupSizes.length; group++) {
      const start = group * own.featureCount;
      const values = own[name].subarray(start, start + own.featureCount);
      all[name].set(values, group * all.featureCount + first);
    }
  }
}
