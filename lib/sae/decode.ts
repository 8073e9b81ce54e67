/**
 * What a decoder makes of activations: the hidden states again, or what a transcoder predicts.
 *
 * @module
 */
import { dot } from "./dot.ts";
import { type FeatureRange, withRows } from "./feature_rows.ts";
import { rangesOf } from "./feature_ranges.ts";
import { givenRow, restoreRow } from "./input.ts";
import type { Sae, SaeDecoder } from "./sae.ts";

/** An SAE, as far as decoding needs it, and its decoder. */
export interface Decoding {
  /** What the SAE does to hidden states before it encodes them. */
  readonly sae: Pick<Sae, "input" | "width">;
  /** The decoder. */
  readonly decoder: SaeDecoder;
}

/**
 * What the decoder makes of the activations of some hidden states, `[decoder.width]` each, in
 * float64. The decoder is read once for all.
 *
 * @param activations Those of each state, `[featureCount]`.
 * @param states The hidden states that they are of, `[width]` each: where the SAE scales or shifts
 * them, what is decoded is scaled and shifted back.
 */
export async function decodeStates(
  decoding: Decoding,
  activations: readonly Float64Array[],
  states: readonly Float64Array[],
): Promise<Float64Array[]> {
  const { decoder } = decoding;
  const sums = states.map(() => new Float64Array(decoder.width));
  for (const { first, count } of rangesOf(decoder)) {
    const some = activations.map((values) => values.subarray(first, first + count));
    await addSome(decoder, { first, count }, some, sums);
  }
  sums.forEach((sum, i) => finishRow(decoding, sum, states[i]!));
  return sums;
}

/** The activations of some features, for every row: `[rows, features of the range]`. */
export type ActivationSource = (
  range: FeatureRange,
) => Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>;

/**
 * What the decoder makes of the activations of many hidden states, `[rows, decoder.width]`. Sums are
 * of float64, and rounded to float32 at the end. Features that no row has are skipped, and the
 * decoder is read by ranges of features, so that neither it nor the activations have to be in memory.
 *
 * @param activations Those of all features, `[rows, featureCount]`, or what gives those of a range;
 * ranges are asked for in order.
 * @param states The hidden states, `[rows, width]`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeRows, encodeStates, openSae, rowsInMemory } from "@coact/coact";
 *
 * const opened = await openSae("demo/sae/layer6");
 * const [sae, decoder] = [await opened.read(), await opened.readDecoder()];
 * const states = new Float32Array(2 * sae.width); // two of 0
 * const features = await encodeStates(sae, rowsInMemory(states, sae.width));
 * const decoded = await decodeRows({ sae, decoder: decoder! }, features, states);
 * assert.equal(decoded.length, states.length);
 * ```
 */
export async function decodeRows(
  decoding: Decoding,
  activations: Float32Array<ArrayBuffer> | ActivationSource,
  states: Float32Array,
): Promise<Float32Array<ArrayBuffer>> {
  const { sae, decoder } = decoding;
  const count = states.length / sae.width;
  const sums = Array.from({ length: count }, () => new Float64Array(decoder.width));
  for (const range of rangesOf(decoder)) {
    const isWhole = activations instanceof Float32Array;
    const [values, stride, first] = isWhole
      ? [activations, decoder.featureCount, range.first]
      : [await activations(range), range.count, 0];
    const rows = sums.map((_, row) => {
      const at = row * stride + first;
      return values.subarray(at, at + range.count);
    });
    await addSome(decoder, range, rows, sums);
  }
  const decoded = new Float32Array(count * decoder.width);
  sums.forEach((sum, row) => {
    const state = Float64Array.from(states.subarray(row * sae.width, (row + 1) * sae.width));
    finishRow(decoding, sum, state);
    decoded.set(sum, row * decoder.width);
  });
  return decoded;
}

/** Adds what some features give to each row's sum; they are not read where none is active. */
async function addSome(
  { rows }: SaeDecoder,
  { first, count }: FeatureRange,
  activations: readonly (Float32Array | Float64Array)[],
  sums: readonly Float64Array[],
): Promise<void> {
  if (!activations.some((row) => row.some((z) => z !== 0))) return;
  const { columns } = rows;
  if (columns !== undefined) {
    sums.forEach((sum, row) => addFromColumns(sum, activations[row]!, { columns, first }));
    return;
  }
  await withRows(rows, { first, count }, (directions) => {
    sums.forEach((sum, row) => addDecoded(sum, activations[row]!, directions));
  });
}

/** Adds what active features give, in their order. */
function addDecoded(
  sum: Float64Array,
  activations: Float32Array | Float64Array,
  directions: Float32Array,
): void {
  const width = sum.length;
  for (let feature = 0; feature < activations.length; feature++) {
    const z = activations[feature]!;
    if (z === 0) continue;
    for (let i = 0, at = feature * width; i < width; i++, at++) sum[i]! += z * directions[at]!;
  }
}

/**
 * The same from a matrix with a column for each feature, in the same order, thus the same sums: four
 * of them take turns, so that no addition waits for the one before.
 */
function addFromColumns(
  sum: Float64Array,
  activations: Float32Array | Float64Array,
  { columns, first }: { columns: Float32Array; first: number },
): void {
  const stride = columns.length / sum.length;
  const active = new Int32Array(activations.length);
  let count = 0;
  for (let feature = 0; feature < activations.length; feature++) {
    if (activations[feature] !== 0) active[count++] = feature;
  }
  const z = new Float64Array(count);
  for (let k = 0; k < count; k++) z[k] = activations[active[k]!]!;
  const together = sum.length - sum.length % 4;
  for (let i = 0; i < together; i += 4) {
    const a = i * stride + first;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    let s = sum[i]!;
    let t = sum[i + 1]!;
    let u = sum[i + 2]!;
    let v = sum[i + 3]!;
    for (let k = 0; k < count; k++) {
      const x = z[k]!;
      const at = active[k]!;
      s += x * columns[a + at]!;
      t += x * columns[b + at]!;
      u += x * columns[c + at]!;
      v += x * columns[d + at]!;
    }
    sum[i] = s;
    sum[i + 1] = t;
    sum[i + 2] = u;
    sum[i + 3] = v;
  }
  for (let i = together; i < sum.length; i++) {
    const row = i * stride + first;
    for (let k = 0; k < count; k++) sum[i]! += z[k]! * columns[row + active[k]!]!;
  }
}

/** Adds what is no feature's, in place, and goes back to the units of the hidden states. */
export function finishRow(
  { sae, decoder }: Pick<Decoding, "sae"> & { readonly decoder: Omit<SaeDecoder, "rows"> },
  sum: Float64Array,
  state: Float64Array,
): void {
  for (let i = 0; i < sum.length; i++) sum[i] = decoder.bias[i]! + sum[i]!;
  if (decoder.restores) restoreRow(sae.input, state, sum);
  const { skip } = decoder;
  if (skip === undefined) return;
  const given = givenRow(sae.input, state);
  const row = new Float64Array(state.length);
  for (let i = 0; i < sum.length; i++) {
    row.set(skip.subarray(i * state.length, (i + 1) * state.length));
    sum[i]! += dot(row, given);
  }
}
