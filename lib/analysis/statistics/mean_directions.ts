/**
 * The direction in which the states of a group differ from all others in the mean.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";

/** How many rows are read at a time. */
const AT_ONCE = 256;

/** Whose states are. */
export interface DirectionDesign {
  /** The group of each question, from 0. */
  readonly groups: ArrayLike<number>;
  /** How many groups there are. */
  readonly groupCount: number;
  /** Whether a direction is fitted on each question: 1 or 0. */
  readonly isFitted: ArrayLike<number>;
  /** How many states each question has, neighbours of each other. Default: one. */
  readonly stateCounts?: readonly number[] | undefined;
}

/**
 * The mean state of each group less the mean state of all other questions, of length 1. Of a question
 * with several states, their mean counts.
 *
 * @returns `[groups, width]`; zeros where a side has no question, or the means are the same.
 */
export function meanDirections(
  states: Rows,
  { groups, groupCount, isFitted, stateCounts }: DirectionDesign,
): Float32Array<ArrayBuffer> {
  const { width } = states;
  const sums = new Float64Array(groupCount * width);
  const counts = new Float64Array(groupCount);
  let [row, end] = [0, 0]; // of the rows that were read
  let read = new Float32Array(0);
  let next = 0;
  for (let question = 0; question < groups.length; question++) {
    const count = stateCounts?.[question] ?? 1;
    const group = groups[question]!;
    if (isFitted[question] === 1) counts[group]!++;
    for (let state = 0; state < count; state++, next++) {
      if (next === end) {
        row = end;
        read = states.read(row, Math.min(AT_ONCE, states.count - row));
        end = row + read.length / width;
      }
      if (isFitted[question] !== 1) continue;
      const one = read.subarray((next - row) * width, (next - row + 1) * width);
      addShare(sums.subarray(group * width, (group + 1) * width), one, count);
    }
  }
  return directionsOf(sums, counts, width);
}

/** Adds one of so many states of a question to a sum; a state that is alone is not divided, which takes long. */
function addShare(sum: Float64Array, state: Float32Array, count: number): void {
  if (count === 1) { for (let k = 0; k < sum.length; k++) sum[k]! += state[k]!; }
  else for (let k = 0; k < sum.length; k++) sum[k]! += state[k]! / count;
}

function directionsOf(
  sums: Float64Array,
  counts: Float64Array,
  width: number,
): Float32Array<ArrayBuffer> {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = Float64Array.from(
    { length: width },
    (_, k) => counts.reduce((sum, _, group) => sum + sums[group * width + k]!, 0),
  );
  const directions = new Float32Array(sums.length);
  counts.forEach((nIn, group) => {
    const nOut = total - nIn;
    if (nIn === 0 || nOut === 0) return;
    const own = sums.subarray(group * width, (group + 1) * width);
    const direction = own.map((sum, k) => sum / nIn - (whole[k]! - sum) / nOut);
    const length = Math.sqrt(direction.reduce((sum, each) => sum + each * each, 0));
    if (length === 0) return;
    directions.set(direction.map((each) => each / length), group * width);
  });
  return directions;
}
