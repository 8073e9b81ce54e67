/**
 * The sums of a feature's activations of each person.
 *
 * @module
 */
import type { PersonSums } from "./clustered_mean.ts";

/**
 * Sums each person's activations in a group and outside of it.
 *
 * @param values The activations, one a question.
 * @param isIn Whether each question is in the group.
 * @param persons Whose each is, from 0.
 */
export function personSums(
  values: readonly number[],
  isIn: readonly boolean[],
  persons: readonly number[],
): PersonSums & Record<keyof PersonSums, number[]> {
  const count = Math.max(-1, ...persons) + 1;
  const zeros = () => new Array<number>(count).fill(0);
  const sums = { sumIn: zeros(), nIn: zeros(), sumOut: zeros(), nOut: zeros() };
  values.forEach((value, i) => {
    sums[isIn[i] ? "sumIn" : "sumOut"][persons[i]!]! += value;
    sums[isIn[i] ? "nIn" : "nOut"][persons[i]!]!++;
  });
  return sums;
}
