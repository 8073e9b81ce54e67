/**
 * Whether float32 carries the activations of an SAE. Where numbers overflow on the way, a result may
 * be finite and wrong: minus infinity, rectified, is 0. Where all are below the smallest normal
 * number, few digits are left, and on GPUs none.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Rows } from "../files/rows.ts";
import { greatestMagnitude, LARGEST_FLOAT32, SMALLEST_FLOAT32 } from "../tensors/magnitude.ts";
import { activationOf, LINEAR } from "./activation.ts";
import { dot } from "./dot.ts";
import type { EncodeInput } from "./encode/encoder.ts";
import { type FeatureRange, withRows } from "./feature_rows.ts";
import { eachPiece, rangesOf } from "./feature_ranges.ts";
import type { Sae } from "./sae.ts";

/** How many activations are added up in float32, at most: the questions of a tile. */
const ADDED_UP = 256;
/** How large an activation may be, and all sums on the way to it. */
const LARGEST_ACTIVATION = LARGEST_FLOAT32 / ADDED_UP;
/** How many hidden states are read at a time. */
const ROWS_AT_ONCE = 256;

/**
 * Makes sure that float32 carries all activations, and sums of them.
 *
 * @param what What is encoded, for the message: `layer 6 (models/sae/layer6/sae_best.pt)`.
 * @param state The greatest magnitude in the hidden states. Default: it is looked for.
 * @throws {InputError} If it does not, naming the feature, what is too large or too small, and what
 * to do.
 */
export async function checkMagnitudes(
  { hidden, sae: { glu, ...sae } }: EncodeInput,
  what: string,
  state: number = greatestState(hidden),
): Promise<void> {
  await checkOneProduct(sae, what, state);
  if (glu === undefined) return;
  await checkOneProduct(
    { ...sae, ...glu, activation: LINEAR },
    `${what}, its second product`,
    state,
  );
}

async function checkOneProduct(sae: Sae, what: string, state: number): Promise<void> {
  const weight = await greatestWeight(sae);
  if (isTooSmall(weight)) {
    throw new InputError(
      `${what}: ${tooSmall("weight of its encoder", weight)}; its weights were scaled or its ` +
        "training failed: take another checkpoint",
    );
  }
  if (isTooSmall(state)) {
    throw new InputError(
      `${what}: ${tooSmall("number in the language model's hidden states", state)}; the language ` +
        "model's weights were scaled: export it again",
    );
  }
  // No feature is beyond what the extremes of all make together; with usual numbers that is all.
  const { bias, activation: { scale, offset, floor } } = sae;
  const greatest = (values: Float32Array | undefined, none: number) =>
    values === undefined ? none : greatestMagnitude(values);
  const p = sae.width * weight * state + greatestMagnitude(bias);
  const z = Math.max(1, greatest(scale, 1)) * p + greatest(offset, 0) + Math.abs(floor ?? 0);
  if (z < LARGEST_ACTIVATION) return;
  const found = await findTooLarge(sae, state);
  if (found !== undefined) throw new InputError(describeTooLarge(sae, found, state, what));
}

/** The greatest magnitude in the weights of an encoder. */
export async function greatestWeight(
  sae: Pick<Sae, "rows" | "featureCount" | "width">,
): Promise<number> {
  if (sae.rows.greatest !== undefined) return sae.rows.greatest;
  let greatest = 0;
  await eachPiece(sae.rows, sae.featureCount, (numbers) => {
    greatest = Math.max(greatest, greatestMagnitude(numbers));
  });
  return greatest;
}

function isTooSmall(greatest: number): boolean {
  return greatest > 0 && greatest < SMALLEST_FLOAT32;
}

function tooSmall(which: string, greatest: number): string {
  return `the greatest ${which} is ${greatest.toExponential(1)}, below ` +
    `${SMALLEST_FLOAT32.toExponential(1)}, where float32 keeps few digits and GPUs none`;
}

/** The greatest magnitude in hidden states. */
export function greatestState(hidden: Rows): number {
  let greatest = 0;
  for (let start = 0; start < hidden.count; start += ROWS_AT_ONCE) {
    const rows = hidden.read(start, Math.min(ROWS_AT_ONCE, hidden.count - start));
    greatest = Math.max(greatest, greatestMagnitude(rows));
  }
  return greatest;
}

/** A feature, and its row of W. */
interface FoundFeature {
  feature: number;
  row: Float32Array;
}

/** The first feature whose activation, or a sum on the way to it, may be too large. */
async function findTooLarge(sae: Sae, state: number): Promise<FoundFeature | undefined> {
  for (const range of rangesOf(sae)) {
    const found = await withRows(
      sae.rows,
      range,
      (rows) => findTooLargeAmong(sae, { ...range, rows }, state),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function findTooLargeAmong(
  { width, bias, activation }: Sae,
  { first, count, rows }: FeatureRange & { readonly rows: Float32Array },
  state: number,
): FoundFeature | undefined {
  const stateLength = Math.sqrt(width) * state;
  const weights = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const [feature, row] = [first + i, rows.subarray(i * width, (i + 1) * width)];
    weights.set(row);
    const { scale, offset, floor = 0 } = activationOf(activation, feature);
    // No sum of products is beyond the product of the lengths.
    const p = Math.sqrt(dot(weights, weights)) * stateLength + Math.abs(bias[feature]!);
    const z = Math.max(1, Math.abs(scale)) * p + Math.abs(offset) + Math.abs(floor);
    if (!(z < LARGEST_ACTIVATION)) return { feature, row: row.slice() };
  }
  return undefined;
}

function describeTooLarge(
  { bias, activation }: Sae,
  { feature, row }: FoundFeature,
  state: number,
  what: string,
): string {
  const { scale, offset } = activationOf(activation, feature);
  const parts: [string, number][] = [
    ["weights up to", greatestMagnitude(row)],
    ["bias", Math.abs(bias[feature]!)],
    ["scale", Math.abs(scale)],
    ["offset", Math.abs(offset)],
  ];
  const [name, greatest] = parts.reduce((a, b) => b[1] > a[1] ? b : a);
  return `${what}: the encoder of feature ${feature} is too large for float32 (${name} ` +
    `${greatest.toExponential(1)}, hidden states up to ${state.toExponential(1)}): sums of its ` +
    `activations can pass ${LARGEST_FLOAT32.toExponential(1)}; its weights were scaled or its ` +
    "training failed: take another checkpoint";
}
