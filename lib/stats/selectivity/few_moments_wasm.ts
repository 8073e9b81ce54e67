/**
 * The moments of a column of which few activations are not 0, in WebAssembly: all that `GroupMoments` says of it, in
 * one call, with the bits that `SumsOfFew` and `MergedMoments` give.
 *
 * @module
 */
import { moduleOf } from "../../wasm/assembler.ts";
import type { SelectivityDesign } from "./design.ts";
import { fewMomentsCode } from "./few_moments_code.ts";
import { fewLayout } from "./few_moments_layout.ts";
import type { InAndOut } from "./merged_moments.ts";

/** Sums one column after the other. */
export interface FewMoments extends InAndOut {
  /** The group of each activation that is not 0, times 8. */
  readonly groups: Int32Array<ArrayBuffer>;
  /** These activations, by ascending activation. */
  readonly values: Float64Array<ArrayBuffer>;
  /** How many activations of each group are above the threshold. */
  readonly active: Int32Array<ArrayBuffer>;
  /** Finds the moments of so many activations. */
  sum(count: number): void;
}

/**
 * The code for columns of a design of which at most so many activations are not 0; undefined where it is not known, or
 * those at 0 are active.
 */
export function wasmFewMoments(
  design: SelectivityDesign,
  { threshold, most }: { threshold: number; most: number },
): FewMoments | undefined {
  const { groupCount, groupSizes } = design;
  const layout = fewLayout(groupCount, most);
  if (layout.bytes >= 2 ** 31 || threshold < 0) return undefined;
  const bytes = moduleOf({ sum: fewMomentsCode(layout, design, threshold) }, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, sum } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as { memory: WebAssembly.Memory; sum(end: number): void };
  const buffer = memory.buffer as ArrayBuffer;
  const floats = (at: number, length = groupCount) => new Float64Array(buffer, at, length);
  floats(layout.sizes).set(groupSizes);
  floats(layout.divisors).set(groupSizes.map((size) => Math.max(1, size))); // of nothing, the mean is 0
  let [before, after] = [0, groupSizes.reduce((sum, size) => sum + size, 0)];
  groupSizes.forEach((size, group) => {
    after -= size;
    const share = (one: number, other: number) => other === 0 ? 0 : other / (one + other);
    floats(layout.countBefore)[group] = before;
    floats(layout.shareBefore)[group] = share(before, size);
    floats(layout.countAfter)[group] = after;
    floats(layout.shareAfter)[group] = share(after, size);
    floats(layout.shareOutside)[group] = share(before, after);
    before += size;
  });
  return {
    groups: new Int32Array(buffer, layout.groups, most),
    values: floats(layout.values, most),
    meanIn: floats(layout.meanIn),
    meanOut: floats(layout.meanOut),
    squaresIn: floats(layout.squaresIn),
    squaresOut: floats(layout.squaresOut),
    active: new Int32Array(buffer, layout.active, groupCount),
    sum: (count) => sum(8 * count),
  };
}
