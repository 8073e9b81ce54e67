/**
 * Sums that come out the same in whatever order, and however divided, numbers are added: exact, and
 * rounded once, to float64. Nearly always float64 holds the exact sum of the float32 numbers that
 * devices give; what it does not hold of one is kept beside it.
 *
 * Source: J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997,
 * https://doi.org/10.1007/PL00009321; Python's math.fsum.
 *
 * @module
 */

/** Sums of many cells. */
export interface ExactSums {
  /** The sums, rounded to float64. */
  readonly values: Float64Array<ArrayBuffer>;
  /** What was rounded off, by cell: numbers of falling magnitude; absent where nothing was. */
  readonly rests: Map<number, readonly number[]>;
}

/** Sums of nothing. */
export function emptySums(cells: number): ExactSums {
  return { values: new Float64Array(cells), rests: new Map() };
}

/** Adds numbers to neighbouring cells, from `start` on. */
export function addAll(sums: ExactSums, start: number, numbers: Float32Array | Float64Array): void {
  const { values, rests } = sums;
  for (let i = 0; i < numbers.length; i++) {
    const cell = start + i;
    const [before, number] = [values[cell]!, numbers[i]!];
    const sum = before + number;
    const other = sum - before;
    const lost = (before - (sum - other)) + (number - other);
    if (lost === 0 && (rests.size === 0 || !rests.has(cell))) values[cell] = sum;
    else addOne(sums, cell, number);
  }
}

/** Adds one number to a cell. */
export function addOne({ values, rests }: ExactSums, cell: number, number: number): void {
  const parts = grow([...(rests.get(cell) ?? []), values[cell]!], number);
  const sum = roundedSum(parts);
  values[cell] = sum;
  const rest: number[] = [];
  let left = Number.isFinite(sum) ? grow(parts, -sum) : [];
  while (left.length > 0) { // the same parts, whatever the order in which they came
    rest.push(roundedSum(left));
    left = grow(left, -rest.at(-1)!);
  }
  if (rest.length === 0) rests.delete(cell);
  else rests.set(cell, rest);
}

/** Adds the sums of other numbers to neighbouring cells, from `start` on. */
export function addSums(sums: ExactSums, start: number, { values, rests }: ExactSums): void {
  addAll(sums, start, values);
  for (const [cell, rest] of rests) {
    for (const number of rest) addOne(sums, start + cell, number);
  }
}

/** Adds a number to parts whose sum is exact, without any two that overlap and without zeros. */
function grow(parts: readonly number[], number: number): number[] {
  const grown: number[] = [];
  let sum = number;
  for (const part of [...parts].sort((a, b) => Math.abs(a) - Math.abs(b))) {
    const [large, small] = Math.abs(sum) < Math.abs(part) ? [part, sum] : [sum, part];
    const total = large + small;
    const lost = small - (total - large);
    if (lost !== 0) grown.push(lost);
    sum = total;
  }
  if (sum !== 0) grown.push(sum);
  return grown;
}

/** The sum of such parts, the least first, rounded once: to even where it lies in the middle. */
function roundedSum(parts: readonly number[]): number {
  let at = parts.length - 1;
  let sum = parts[at] ?? 0;
  let lost = 0;
  while (at > 0 && lost === 0) {
    const part = parts[--at]!;
    const total = sum + part;
    lost = part - (total - sum);
    sum = total;
  }
  // What is below tips the scales where what was lost is exactly half a step.
  if (at > 0 && Math.sign(lost) === Math.sign(parts[at - 1]!)) {
    const doubled = 2 * lost;
    const total = sum + doubled;
    if (doubled === total - sum) return total;
  }
  return sum;
}
