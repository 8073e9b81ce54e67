/** Prompts of three lengths, out of order, so that batching shows, and some that begin alike. */
export const PROMPTS: number[][] = [
  [5, 17, 300],
  [9],
  [1, 2, 3, 4, 5, 6],
  [400, 3, 18],
  [419],
  [1, 2, 3, 9, 5, 6],
  [5, 17, 300],
  [1, 2, 3, 4, 5, 7],
];
/** States are of the order of 1 here; float32 keeps seven digits, a few are lost in the blocks. */
export const TOLERANCE = 2e-5;
