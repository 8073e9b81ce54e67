/**
 * How WebAssembly code looks up the weights of distances at a tilt.
 *
 * @module
 */
import type { Code, Local } from "../../wasm/assembler.ts";
import { i32, whole } from "../../wasm/instructions.ts";
import { f64x2, loadHigh, loadLow } from "../../wasm/vectors.ts";
import { placeBits, type StrataLayout } from "./strata_layout.ts";

/** How the weights of two distances are looked up, and what has to be done before. */
export interface Weights {
  /** What has to be done before. */
  readonly begin: Code[];
  /** The weights of the distances of two persons. */
  readonly weightOf: (left: Local, right: Local) => Code;
}

/**
 * Weights are products of what stands in two tables.
 *
 * @param bits How many bits of a distance the finer table takes; it is changed. A local for its own use.
 */
export function weightByTwo(
  layout: StrataLayout,
  { bits, mask }: { bits: Local; mask: Local },
): Weights {
  const { fine, coarse } = layout;
  const place = placeBits(layout);
  const low = (d: Local) => i32.shl(i32.and(d.get, mask.get), whole(3 - place));
  const high = (d: Local) => i32.shl(i32.shr(d.get, bits.get), whole(3));
  return {
    begin: [
      bits.set(i32.add(bits.get, whole(place))),
      mask.set(i32.sub(i32.shl(whole(1), bits.get), whole(1 << place))),
    ],
    weightOf: (left, right) =>
      f64x2.mul(
        loadHigh(high(right), loadLow(high(left), coarse), coarse),
        loadHigh(low(right), loadLow(low(left), fine), fine),
      ),
  };
}

/** Weights stand in one table. */
export function weightByTable({ table }: StrataLayout): Weights {
  const weightOf = (left: Local, right: Local) =>
    loadHigh(right.get, loadLow(left.get, table), table);
  return { begin: [], weightOf };
}
