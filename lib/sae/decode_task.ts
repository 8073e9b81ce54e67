/**
 * What is found of some features at states, as a thread beside the one that encodes can do it: how
 * many are active, and what they add to what is decoded. It is handed numbers, and no function.
 *
 * @module
 */
import { type Decoding, finishRow } from "./decode.ts";

/** The activations of neighbouring features at states, and what is to be made of them. */
export interface DecodeTask {
  /** `[features, states]`. */
  readonly values: Float32Array<ArrayBuffer>;
  /** How many states each set has; the sets follow each other. */
  readonly sets: readonly number[];
  /** Where they are decoded to; undefined if nobody wants that, or none of them is active. */
  readonly decoded?: {
    /** What each feature adds to the output, `[features, width]`. */
    readonly directions: Float32Array<ArrayBuffer>;
    /** What the features before have added, `[states, width]`, in float64: more is added in place. */
    readonly sums: Float64Array<ArrayBuffer>;
  } | undefined;
}

/** How many of some features are active at the states of a set. */
export interface ActiveFeatures {
  /** How many features were looked at. */
  readonly features: number;
  /** How many of them are active at some state. */
  readonly active: number;
  /** How many activations are not 0. */
  readonly activations: number;
}

/** What was found of some features. */
export interface DecodedPart {
  /** How many are active, set by set. */
  readonly sets: readonly ActiveFeatures[];
  /** The sums of the task, with what these features add. */
  readonly sums?: Float64Array<ArrayBuffer> | undefined;
}

/** Sums to which all features were added, and what is to be added that is no feature's. */
export interface FinishTask {
  /** `[states, decoder.width]`, in float64: they become what is decoded. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** The hidden states, `[states, width]`. */
  readonly states: Float32Array;
  /** What the SAE does to hidden states. */
  readonly sae: Decoding["sae"];
  /** The decoder but for its rows. */
  readonly decoder: Omit<Decoding["decoder"], "rows">;
}

/** Who does such tasks. */
export interface DecodeWork {
  /** Whether that is another thread, which becomes the owner of the task's arrays. */
  readonly isApart: boolean;
  /** Adds features. */
  add(task: DecodeTask): Promise<DecodedPart>;
  /** Adds what is no feature's. */
  finish(task: FinishTask): Promise<Float64Array<ArrayBuffer>>;
}

/** The work, done by whoever asks. */
export const DECODED_HERE: DecodeWork = {
  isApart: false,
  add: (task) => Promise.resolve(decodePart(task)),
  finish: (task) => Promise.resolve(finishDecoded(task)),
};

/** Counts and decodes some features: each sum adds them in their order. */
export function decodePart({ values, sets, decoded }: DecodeTask): DecodedPart {
  const states = sets.reduce((sum, count) => sum + count, 0);
  const features = values.length / Math.max(1, states);
  let first = 0;
  const counted = sets.map((count): ActiveFeatures => {
    const all = { features, active: 0, activations: 0 };
    for (let feature = 0; feature < features; feature++) {
      const start = feature * states + first;
      let active = 0;
      for (let at = start; at < start + count; at++) if (values[at] !== 0) active++;
      all.activations += active;
      if (active > 0) all.active++;
    }
    first += count;
    return all;
  });
  if (decoded === undefined) return { sets: counted };
  addDirections(values, states, decoded);
  return { sets: counted, sums: decoded.sums };
}

/** Adds what active features give to each state's sum, in their order. */
function addDirections(
  values: Float32Array,
  states: number,
  { directions, sums }: NonNullable<DecodeTask["decoded"]>,
): void {
  const features = values.length / states;
  const width = sums.length / states;
  const active = new Int32Array(features);
  for (let state = 0; state < states; state++) {
    let count = 0;
    for (let feature = 0; feature < features; feature++) {
      if (values[feature * states + state] !== 0) active[count++] = feature;
    }
    const to = state * width;
    let k = 0;
    // Four at a time, one added after the other: a sum is read and written once for all.
    for (; k + 4 <= count; k += 4) {
      const [a, b, c, d] = [active[k]!, active[k + 1]!, active[k + 2]!, active[k + 3]!];
      const w = values[a * states + state]!;
      const x = values[b * states + state]!;
      const y = values[c * states + state]!;
      const z = values[d * states + state]!;
      let [p, q, r, s] = [a * width, b * width, c * width, d * width];
      for (let at = to; at < to + width; at++) {
        let sum = sums[at]!;
        sum += w * directions[p++]!;
        sum += x * directions[q++]!;
        sum += y * directions[r++]!;
        sum += z * directions[s++]!;
        sums[at] = sum;
      }
    }
    for (; k < count; k++) {
      const z = values[active[k]! * states + state]!;
      let from = active[k]! * width;
      for (let at = to; at < to + width; at++) sums[at]! += z * directions[from++]!;
    }
  }
}

/** Adds what is no feature's, in place, and goes back to the units of the hidden states. */
export function finishDecoded(
  { sums, states, sae, decoder }: FinishTask,
): Float64Array<ArrayBuffer> {
  const count = states.length / sae.width;
  for (let row = 0; row < count; row++) {
    const state = Float64Array.from(states.subarray(row * sae.width, (row + 1) * sae.width));
    finishRow(
      { sae, decoder },
      sums.subarray(row * decoder.width, (row + 1) * decoder.width),
      state,
    );
  }
  return sums;
}
