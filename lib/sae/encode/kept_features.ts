/**
 * Which features are kept for every question. A backend keeps neighbours; those that are none are
 * encoded once more, by themselves, where they are neighbours.
 *
 * @module
 */
import { type FeatureRange, readRowsOf, wholeRows } from "../feature_rows.ts";
import { prepareRows } from "../input.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";
import { ColumnPieces, type ColumnRoom, columnRuns, type ColumnsReduction } from "./columns.ts";
import type { EncodeBackend, EncodeTask } from "./encode_task.ts";
import { encodeGroups, featureGroups, type KeptFeatures } from "./feature_groups.ts";
import { encodeGlu } from "./glu.ts";
import { encodePursued } from "./pursue.ts";
import { sliceCutoffs, sliceSae } from "./slice_sae.ts";
import { emptyReductions } from "./reductions.ts";
import { addReductions } from "./merge_reductions.ts";
import { checkEncodeInput, type Encoded, type EncodeInput } from "./encoder.ts";

/** Nothing. */
const NONE: FeatureRange = { first: 0, count: 0 };

/**
 * Encodes through a backend, whatever is to be kept, and whoever is to see all activations.
 *
 * @param encode The backend.
 * @throws {RangeError} If the parts of the input do not fit together.
 */
export async function encodeKept(input: EncodeInput, encode: EncodeBackend): Promise<Encoded> {
  checkEncodeInput(input);
  const groups = featureGroups(input.sae);
  if (groups !== undefined) {
    const kept = keptFeatures(input);
    return await encodeGroups(input, { groups, kept }, (own) => encodeKept(own, encode));
  }
  const kept = keptFeatures(input);
  const { pursuit, glu } = input.sae;
  if (pursuit !== undefined) return await encodePursued(input, { kept, pursuit }, encode);
  const prepared = prepareInput(input);
  if (glu !== undefined) return await encodeGlu(prepared, { kept, glu }, encode);
  const { columns, columnBytes, columnRoom, kept: _, ...task } = prepared;
  const { count, feature } = kept;
  const features = Array.from({ length: count }, (_, index) => feature(index));
  if (columns !== undefined) {
    return await encodeColumns(task, { columns, columnBytes, columnRoom, features }, encode);
  }
  const range = neighbours(features);
  if (range !== undefined) return await encode({ ...task, kept: range });
  const encoded = await encode({ ...task, kept: NONE });
  const ascending = [...new Set(features)].sort((a, b) => a - b);
  const alone = await encode({
    ...task,
    sae: await featuresAlone(task.sae, ascending),
    kept: { first: 0, count: ascending.length },
    cutoffs: encoded.cutoffs && amongFeatures(encoded.cutoffs, ascending),
  });
  const place = new Map(ascending.map((feature, i) => [feature, i]));
  const places = features.map((feature) => place.get(feature)!);
  const keptActivations = pickColumns(alone.keptActivations, ascending.length, places);
  return { ...encoded, keptActivations };
}

/** Encodes run after run of features, whose activations are all kept, handed over and forgotten. */
async function encodeColumns(
  task: Omit<EncodeTask, "kept" | "into">,
  { columns, columnBytes, columnRoom, features }: {
    columns: ColumnsReduction;
    columnBytes: number | undefined;
    columnRoom: ColumnRoom | undefined;
    features: readonly number[];
  },
  encode: EncodeBackend,
): Promise<Encoded> {
  const { hidden: { count: questions }, sae, also } = task;
  const { threshold } = sae.activation;
  const isTopK = typeof threshold === "object" && "k" in threshold;
  const { cutoffs } = isTopK ? await encode({ ...task, kept: NONE }) : {};
  const reductions = emptyReductions(task, sae.featureCount, also);
  const keptActivations = new Float32Array(questions * features.length);
  for (const run of columnRuns(sae.featureCount, questions, columnBytes)) {
    const into = new ColumnPieces(run, questions, columnRoom);
    const part = await encode({
      ...task,
      sae: sliceSae(sae, run),
      kept: NONE,
      cutoffs: cutoffs && sliceCutoffs(cutoffs, run),
      into,
    });
    addReductions(reductions, part.reductions, { firstFeature: run.first });
    for (const piece of into.pieces) {
      features.forEach((feature, place) => {
        const column = feature - piece.first;
        if (column < 0 || column >= piece.count) return;
        for (let question = 0; question < questions; question++) {
          const value = piece.values[column * questions + question]!;
          keptActivations[question * features.length + place] = value;
        }
      });
      await columns(piece);
    }
  }
  return { reductions, keptActivations, cutoffs };
}

/** An input whose hidden states have gone through the SAE's input steps. */
export function prepareInput(input: EncodeInput): EncodeInput {
  const { hidden, sae } = input;
  if (sae.input.length === 0) return input;
  return { ...input, hidden: prepareRows(sae.input, hidden), sae: { ...sae, input: [] } };
}

/** The features that an input asks to be kept, in order. */
export function keptFeatures(
  { sae: { targets }, kept }: Pick<EncodeInput, "sae" | "kept">,
): KeptFeatures {
  if (kept === undefined) {
    return { count: targets.length, feature: (index) => targets[index]!.feature };
  }
  if ("first" in kept) return { count: kept.count, feature: (index) => kept.first + index };
  return { count: kept.length, feature: (index) => kept[index]! };
}

/**
 * Puts the activations `[questions, part]` of some of the features that are kept where they belong.
 *
 * @param keptActivations `[questions, kept]`.
 * @param place The number of the first question, and the features of both.
 */
export function putKept(
  keptActivations: Float32Array,
  activations: Float32Array,
  { firstQuestion, part, kept }: {
    firstQuestion: number;
    part: FeatureRange;
    kept: FeatureRange;
  },
): void {
  if (part.count === 0) return;
  if (part.count === kept.count) {
    return keptActivations.set(activations, firstQuestion * kept.count);
  }
  for (let row = 0; row < activations.length / part.count; row++) {
    const own = activations.subarray(row * part.count, (row + 1) * part.count);
    keptActivations.set(own, (firstQuestion + row) * kept.count + part.first - kept.first);
  }
}

/** The range that features make; undefined if they are no neighbours in order. */
function neighbours(features: readonly number[]): FeatureRange | undefined {
  const first = features[0] ?? 0;
  const areNeighbours = features.every((feature, i) => feature === first + i);
  return areNeighbours ? { first, count: features.length } : undefined;
}

/** An SAE of nothing but some of the features, in ascending order. */
async function featuresAlone(sae: Sae, features: readonly number[]): Promise<Sae> {
  const { width, bias, activation: { threshold, scale, offset, floor } } = sae;
  const pick = (values: Float32Array) => Float32Array.from(features, (feature) => values[feature]!);
  return {
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
}

/** Cutoffs by the numbers that the features have by themselves. */
function amongFeatures({ thresholds, ends }: Cutoffs, features: readonly number[]): Cutoffs {
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
