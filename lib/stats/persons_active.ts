/**
 * In how many persons a feature is active.
 *
 * @module
 */
import { activationThreshold } from "./activation_threshold.ts";

/**
 * How many persons have an activation above a threshold.
 *
 * @param values An activation for each question.
 * @param persons Whose each question is.
 * @param threshold It is rounded to float32, as activations are.
 */
export function personsActive(
  values: ArrayLike<number>,
  persons: ArrayLike<number>,
  threshold: number,
): number {
  const active = new Set<number>();
  const border = activationThreshold(threshold);
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > border) active.add(persons[i]!);
  }
  return active.size;
}
