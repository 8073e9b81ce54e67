/**
 * One step of matching pursuit for many states: each picks a feature.
 *
 * @module
 */
import { rowsInMemory } from "../../files/rows.ts";
import { dot } from "../dot.ts";
import { readRowsOf, withRows } from "../feature_rows.ts";
import { CHUNK_BYTES, piecesOf } from "../feature_ranges.ts";
import { exactActivation, quickActivation, ROUNDING } from "../float64_activation.ts";
import { type Feature, stateOf } from "../float64_feature.ts";
import type { PursuedState } from "../pursuit.ts";
import type { Sae } from "../sae.ts";
import { columnRuns } from "./columns.ts";
import type { Disagreement } from "./disagreement.ts";
import type { EncodeBackend } from "./encode_task.ts";
import { runProducts } from "./products.ts";

/** How many roundings of the product of the lengths a product in float32 may be off, at least. */
const LEAST_ROUNDINGS = 256;
/** How many bytes of products, and of directions, are in memory at a time. */
const PIECE_BYTES = CHUNK_BYTES / 4;

/** What all picks need. */
export interface PursuitWork {
  /** The SAE. */
  readonly sae: Sae;
  /** The backend. */
  readonly encode: EncodeBackend;
  /** The features whose products are checked. */
  readonly sampled: readonly Feature[];
  /** The length of the longest direction. */
  readonly longest: number;
}

/**
 * Picks a feature for each state.
 *
 * @returns The first product that the backend got wrong.
 */
export async function pickOnce(
  states: readonly PursuedState[],
  { sae, encode, sampled, longest }: PursuitWork,
): Promise<Omit<Disagreement, "group"> | undefined> {
  const { width, featureCount, rows, bias } = sae;
  const left = new Float32Array(states.length * width);
  states.forEach((state, i) => left.set(state.left, i * width));
  const hidden = rowsInMemory(left, width);
  const roundings = ROUNDING * Math.max(LEAST_ROUNDINGS, 4 * Math.sqrt(width));
  const candidates = states.map(({ length }) => new Candidates(roundings * longest * length));
  let wrong: Omit<Disagreement, "group"> | undefined;
  for (const range of columnRuns(featureCount, states.length, PIECE_BYTES)) {
    const products = await runProducts(encode, { rows, bias }, { hidden, range });
    candidates.forEach((own, i) => {
      own.add(products.subarray(i * range.count, (i + 1) * range.count), range.first);
    });
    const inRange = sampled.filter(({ index }) =>
      index >= range.first && index < range.first + range.count
    );
    wrong ??= wrongProduct(inRange, hidden.read(0, states.length), {
      width,
      productOf: (state, { index }) => products[state * range.count + index - range.first]!,
    });
  }
  await pickBest(states, candidates.map((each) => each.features), sae);
  return wrong;
}

/** The features that may be the one of the greatest product. */
class Candidates {
  #most = -Infinity;
  #tolerance: number;
  #found: { feature: number; product: number }[] = [];

  /**
   * Begins without any feature.
   *
   * @param tolerance How far off a product may be.
   */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /** Shows it the products of neighbouring features, after all those before them. */
  add(products: Float32Array, first: number): void {
    let least = this.#most - 2 * this.#tolerance;
    for (let i = 0; i < products.length; i++) {
      const product = products[i]!;
      if (product < least) continue;
      this.#found.push({ feature: first + i, product });
      if (product <= this.#most) continue;
      this.#most = product;
      least = product - 2 * this.#tolerance;
    }
    this.#found = this.#found.filter(({ product }) => product >= least);
  }

  /** Those that are left, ascending. */
  get features(): number[] {
    return this.#found.map(({ feature }) => feature);
  }
}

/** Of each state's candidates picks the one of the greatest product in float64, the first of several. */
async function pickBest(
  states: readonly PursuedState[],
  candidates: readonly (readonly number[])[],
  { rows, width }: Sae,
): Promise<void> {
  const best = states.map(() => ({
    feature: 0,
    product: -Infinity,
    direction: new Float32Array(),
  }));
  const features = [...new Set(candidates.flat())].sort((a, b) => a - b);
  const atOnce = Math.max(1, Math.floor(PIECE_BYTES / (4 * width)));
  for (let start = 0; start < features.length; start += atOnce) {
    const some = features.slice(start, start + atOnce);
    const place = new Map(some.map((feature, i) => [feature, i]));
    const read = await readRowsOf(rows, some);
    states.forEach(({ left }, i) => {
      for (const feature of candidates[i]!) {
        const at = place.get(feature);
        if (at === undefined) continue;
        const direction = read.subarray(at * width, (at + 1) * width);
        const product = dot(left, Float64Array.from(direction));
        if (product > best[i]!.product) {
          best[i] = { feature, product, direction: direction.slice() };
        }
      }
    });
  }
  states.forEach((state, i) => {
    const { feature, product, direction } = best[i]!;
    state.pick(feature, product, direction);
  });
}

/** A product that is off by more than float32 can explain. */
function wrongProduct(
  features: readonly Feature[],
  states: Float32Array,
  { width, productOf }: {
    width: number;
    productOf: (state: number, feature: Feature) => number;
  },
): Omit<Disagreement, "group"> | undefined {
  if (features.length === 0) return undefined;
  for (let i = 0; i < states.length / width; i++) {
    const state = stateOf(Float64Array.from(states.subarray(i * width, (i + 1) * width)));
    for (const feature of features) {
      const found = productOf(i, feature);
      const isIn = [quickActivation, exactActivation].some((activation) => {
        const { low, high } = activation(feature, state);
        return found >= low && found <= high;
      });
      if (isIn) continue;
      const expected = quickActivation(feature, state).z;
      const what = "product with what is left of a state";
      return { feature: feature.index, what, found, expected, by: "float64" };
    }
  }
  return undefined;
}

/** The length of the longest direction. */
export async function longestDirection(sae: Sae): Promise<number> {
  const { width, rows, featureCount } = sae;
  let longest = 0;
  for (const range of piecesOf(rows, featureCount)) {
    await withRows(rows, range, (some) => {
      for (let start = 0; start < some.length; start += width) {
        let squares = 0;
        for (let i = start; i < start + width; i++) squares += some[i]! * some[i]!;
        longest = Math.max(longest, squares);
      }
    });
  }
  return Math.sqrt(longest);
}
