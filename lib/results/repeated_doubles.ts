/**
 * Numbers of which many are the same, as the numbers of the different ones.
 *
 * @module
 */

/** So many values are looked at first, spread over all. */
const SAMPLED = 256;
/** If a larger share of them differs, most of all do. */
const VARIED = 0.9;

/** What repeated numbers come to. */
export interface RepeatedDoubles {
  /** The different values, in the order in which they come. */
  readonly distinct: Float64Array<ArrayBuffer>;
  /** Which of them each value is. */
  readonly numbers: Int32Array<ArrayBuffer>;
  /** How many bits such a number has. */
  readonly bits: number;
}

/**
 * Finds out which values are the same, to the last bit.
 *
 * @param values None is NaN.
 * @returns Undefined if that does not make them half as long, as of values that all differ.
 */
export function repeatedDoubles(values: Float64Array<ArrayBuffer>): RepeatedDoubles | undefined {
  const count = values.length;
  if (count === 0 || areVaried(values)) return undefined;
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * count);
  const most = Math.floor(count / 2);
  // Open addressing: a place holds the number of a value, and 1 more than it; at most half are taken.
  const size = 2 ** Math.ceil(Math.log2(2 * most + 2));
  const places = new Int32Array(size);
  const firsts = new Int32Array(most + 1);
  const numbers = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const [low, high] = [words[2 * i]!, words[2 * i + 1]!];
    let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35);
    hash ^= hash >>> 15;
    for (let at = hash & (size - 1);; at = at + 1 & (size - 1)) {
      const known = places[at]! - 1;
      if (known === -1) {
        if (found === most) return undefined;
        firsts[found] = i;
        numbers[i] = found++;
        places[at] = found;
        break;
      }
      const first = 2 * firsts[known]!;
      if (words[first] === low && words[first + 1] === high) {
        numbers[i] = known;
        break;
      }
    }
  }
  const bits = Math.ceil(Math.log2(found));
  if (2 * (8 * found + count * bits / 8) > 8 * count) return undefined;
  const distinct = new Float64Array(found);
  for (let i = 0; i < found; i++) distinct[i] = values[firsts[i]!]!;
  return { distinct, numbers, bits };
}

function areVaried(values: Float64Array): boolean {
  const count = Math.min(SAMPLED, values.length);
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) seen.add(values[Math.floor(i * values.length / count)]!);
  return seen.size > VARIED * count;
}
