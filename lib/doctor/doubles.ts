/**
 * Features that write in the same direction as another one.
 *
 * All pairs of a hundred thousand features are too many. Each direction is therefore made a sketch of
 * few numbers, by adding coordinates up with random signs, which keeps angles; and only sketches that
 * lie on the same side of a set of random planes are compared, several sets one after the other.
 *
 * Sources: https://doi.org/10.1145/509907.509965 (planes), https://arxiv.org/abs/1206.6352 (sketches).
 *
 * @module
 */
import { doubt, type Finding, percent } from "./finding.ts";

/** The cosine from which two directions are one. */
const SAME = 0.99;
/** How many numbers a sketch has. */
const SKETCH = 64;
/** How many planes a set has, and how many sets there are. */
const PLANES = 20;
const SETS = 8;
/** How many features of a set's cell are compared with each other at most. */
const MOST_COMPARED = 64;
/** From which share on doubles are worth a doubt. */
const MANY = 0.01;

/** Sketches of the directions of features, added in their order. */
export class Doubles {
  #width: number;
  #sketches: Float32Array;
  #signs: Int8Array;
  #buckets: Uint8Array;
  #count = 0;

  /** Begins without a feature. */
  constructor(width: number, featureCount: number) {
    this.#width = width;
    this.#sketches = new Float32Array(featureCount * SKETCH);
    const random = randomNumbers(1);
    this.#signs = Int8Array.from({ length: width }, () => random() < 0.5 ? -1 : 1);
    this.#buckets = Uint8Array.from(
      { length: width },
      (_, i) => width <= SKETCH ? i : Math.floor(random() * SKETCH),
    );
  }

  /** Adds the directions of the next features, `[features, width]`. */
  add(directions: Float32Array): void {
    const width = this.#width;
    for (let at = 0; at < directions.length; at += width) {
      const sketch = this.#sketches.subarray(this.#count * SKETCH, (this.#count + 1) * SKETCH);
      for (let i = 0; i < width; i++) {
        sketch[this.#buckets[i]!]! += this.#signs[i]! * directions[at + i]!;
      }
      let squares = 0;
      for (const x of sketch) squares += x * x;
      const length = Math.sqrt(squares);
      if (length > 0) { for (let i = 0; i < SKETCH; i++) sketch[i]! /= length; }
      this.#count++;
    }
  }

  /** How many features write in the direction of an earlier one, at least. */
  get count(): number {
    const isDouble = new Uint8Array(this.#count);
    const random = randomNumbers(2);
    for (let set = 0; set < SETS; set++) {
      const planes = Float32Array.from({ length: PLANES * SKETCH }, () => random() - 0.5);
      const cells = new Map<number, number[]>();
      for (let feature = 0; feature < this.#count; feature++) {
        const cell = this.#cellOf(feature, planes);
        if (cell !== undefined) cells.getOrInsertComputed(cell, () => []).push(feature);
      }
      for (const features of cells.values()) this.#compare(features, isDouble);
    }
    return isDouble.reduce((sum, one) => sum + one, 0);
  }

  /** On which side of each plane a feature lies, as bits; undefined if it writes nothing. */
  #cellOf(feature: number, planes: Float32Array): number | undefined {
    const start = feature * SKETCH;
    let [cell, isEmpty] = [0, true];
    for (let plane = 0; plane < PLANES; plane++) {
      let side = 0;
      for (let i = 0; i < SKETCH; i++) {
        side += planes[plane * SKETCH + i]! * this.#sketches[start + i]!;
      }
      if (side !== 0) isEmpty = false;
      cell = 2 * cell + (side > 0 ? 1 : 0);
    }
    return isEmpty ? undefined : cell;
  }

  #compare(features: readonly number[], isDouble: Uint8Array): void {
    features.forEach((feature, place) => {
      if (isDouble[feature] === 1) return;
      const others = features.slice(Math.max(0, place - MOST_COMPARED), place);
      if (others.some((other) => this.#cosine(feature, other) > SAME)) isDouble[feature] = 1;
    });
  }

  #cosine(a: number, b: number): number {
    let product = 0;
    for (let i = 0; i < SKETCH; i++) {
      product += this.#sketches[a * SKETCH + i]! * this.#sketches[b * SKETCH + i]!;
    }
    return product;
  }
}

/** Whether many features are doubles of others. */
export function checkDoubles(count: number, featureCount: number): Finding[] {
  const share = count / featureCount;
  if (share < MANY) return [];
  return [
    doubt(
      `${count} of ${featureCount} features (${percent(share)}) write in the same direction as ` +
        "another one: they count what it means twice",
    ),
  ];
}

/** Numbers between 0 and 1 that are the same every time (a multiplicative generator, MINSTD). */
function randomNumbers(seed: number): () => number {
  let state = seed * 7919;
  return () => (state = state * 48271 % 0x7fffffff) / 0x7fffffff;
}
