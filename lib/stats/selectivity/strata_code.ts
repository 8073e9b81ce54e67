/**
 * What the WebAssembly code that goes through persons is written with.
 *
 * @module
 */
import type { Code, Local, ValueType } from "../../wasm/assembler.ts";
import { i32, ifTrue, whileTrue, whole } from "../../wasm/instructions.ts";
import { f64x2, load, store } from "../../wasm/vectors.ts";
import { PAIR, PAIRS, type StrataLayout } from "./strata_layout.ts";

/** One instruction list for every group: `at` is how far its row is from the first. */
export function eachGroup(
  { groupCount, stride }: StrataLayout,
  write: (at: number, group: number) => Code[],
): Code[] {
  return Array.from({ length: groupCount }, (_, group) => write(4 * stride * group, group)).flat();
}

/** The same for every distance. */
export function eachRow({ rows, stride }: StrataLayout, write: (at: number) => Code[]): Code[] {
  return Array.from({ length: rows }, (_, row) => write(4 * stride * row)).flat();
}

/** Adds to a sum. */
export const addTo = (sum: Local, value: Code): Code => sum.set(f64x2.add(sum.get, value));
/** Multiplies a product. */
export const mulBy = (product: Local, value: Code): Code =>
  product.set(f64x2.mul(product.get, value));

/** Writes sums where their readers look for them. */
export function stored(layout: StrataLayout, sums: Readonly<Record<string, Local>>): Code[] {
  return Object.values(sums).map((sum, i) => store(whole(0), sum.get, layout.sums + 16 * i));
}

/**
 * Goes through pairs of persons, some at a time, twice: first by instructions that end in vectors that are
 * kept, then by instructions that begin with these.
 *
 * @param at The address of the first pair in a row of whole numbers, and that after the last.
 * @param kept What is kept: at most five vectors.
 */
export function twice(
  { pairs }: StrataLayout,
  { at, end, local }: { at: Local; end: Local; local: (type: ValueType) => Local },
  { first, kept, then }: { first: Code[]; kept: readonly Local[]; then: Code[] },
): Code {
  const [stop, to, from] = [local("i32"), local("i32"), local("i32")];
  const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
  return whileTrue(i32.below(at.get, end.get), [
    stop.set(i32.add(at.get, whole(8 * PAIRS))),
    ifTrue(i32.below(end.get, stop.get), [stop.set(end.get)]),
    to.set(whole(0)),
    whileTrue(i32.below(at.get, stop.get), [
      ...first,
      ...kept.map((each, i) => store(to.get, each.get, pairs + 16 * i)),
      add(to, PAIR),
      add(at, 8),
    ]),
    from.set(whole(0)),
    whileTrue(i32.below(from.get, to.get), [
      ...kept.map((each, i) => each.set(load(from.get, pairs + 16 * i))),
      ...then,
      add(from, PAIR),
    ]),
  ]);
}
