/**
 * Runs of neighbouring features: each is encoded as an SAE of its own, and what they give is put side by side.
 * So it is where top-k chooses within each run, and where several threads encode.
 *
 * @module
 */
import { mapInOrder } from "../../base/map_in_order.ts";
import type { Sae } from "../sae.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { FeatureColumns } from "./columns.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { emptyReductions } from "./reductions.ts";
import { addReductions } from "./merge_reductions.ts";
import { sliceSae } from "./slice_sae.ts";

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

/** What a run gives. */
export interface EncodedGroup extends Encoded {
  /** The columns that the input is still to be handed, their features counted from the run's first. */
  readonly columns?: readonly FeatureColumns[] | undefined;
}

/**
 * Encodes run by run. Columns are handed over in the order of the runs.
 *
 * @param groups The runs, what is kept of all features, and how many runs are encoded at a time, by default one.
 * @param encode Encodes one of them.
 */
export async function encodeGroups(
  input: EncodeInput,
  { groups, kept, atOnce = 1 }: {
    groups: readonly FeatureRange[];
    kept: KeptFeatures;
    atOnce?: number;
  },
  encode: (input: EncodeInput, range: FeatureRange) => Promise<EncodedGroup>,
): Promise<Encoded> {
  const { hidden, sae, also, columns } = input;
  const reductions = emptyReductions(input, sae.featureCount, also);
  const keptActivations = new Float32Array(hidden.count * kept.count);
  const places = Array.from({ length: kept.count }, (_, place) => place);
  const begun = mapInOrder(groups, atOnce, async (range) => {
    const { first, count } = range;
    const isIn = (feature: number) => feature >= first && feature < first + count;
    const own = places.filter((place) => isIn(kept.feature(place)));
    const encoded = await encode({
      ...input,
      sae: sliceSae(sae, range),
      kept: own.map((place) => kept.feature(place) - first),
      columns: columns && ((some) => columns({ ...some, first: first + some.first })),
    }, range);
    return { first, own, encoded };
  });
  for await (const { first, own, encoded } of begun) {
    addReductions(reductions, encoded.reductions, { firstFeature: first });
    own.forEach((place, column) => {
      for (let question = 0; question < hidden.count; question++) {
        keptActivations[question * kept.count + place] = encoded
          .keptActivations[question * own.length + column]!;
      }
    });
    for (const some of encoded.columns ?? []) {
      await columns?.({ ...some, first: first + some.first });
    }
  }
  return { reductions, keptActivations };
}
