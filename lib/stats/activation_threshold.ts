/**
 * The threshold above which activations are active.
 *
 * @module
 */

/**
 * The threshold that activations are compared with. They are float32, and PyTorch and NumPy round a threshold
 * to that before they compare: the float32 that is next to 0.1 is not above 0.1.
 */
export function activationThreshold(threshold: number): number {
  return Math.fround(threshold);
}
