/**
 * Puts a few keys in order in WebAssembly by counting, for each of them, how many are less: without a branch that
 * depends on them.
 *
 * @module
 */
import { FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, loadWhole, storeWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import { i32x4, load, loadWholes, store } from "../../wasm/vectors.ts";

/** Where it reads and writes, in bytes. */
export interface OrderLayout {
  /** The questions whose activation is not 0. */
  readonly questions: number;
  /** Their keys. */
  readonly keys: number;
  /** Where the questions go, in order. */
  readonly otherQuestions: number;
  /** Where the keys go. */
  readonly otherKeys: number;
  /** Room for a number of each key. */
  readonly leads: number;
  /** Numbers that the caller reads. */
  readonly read: number;
}

/**
 * The code, up to the address after the last key. It writes the sum of the places: if no two keys are equal, it is that
 * of all places from 0; else it is less, and what is in order says nothing.
 */
export function orderCode(layout: OrderLayout): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const { at, other, place, sum } = namedLocals(local, "i32", ["at", "other", "place", "sum"]);
    const { four, next, key, less, nextLess } = namedLocals(local, "v128", [
      ...["four", "next", "key", "less", "nextLess"] as const,
    ]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const none = i32x4.sub(four.get, four.get);
    // A comparison gives −1 where it holds.
    const count = (counts: Local, keys: Local) =>
      counts.set(i32x4.sub(counts.get, i32x4.less(key.get, keys.get)));
    return [
      whileTrue(i32.below(at.get, end!.get), [
        four.set(load(at.get, layout.keys)),
        next.set(load(at.get, layout.keys + 16)), // beyond the last one, nothing is read of what is counted
        less.set(none),
        nextLess.set(none),
        other.set(whole(0)),
        whileTrue(i32.below(other.get, end!.get), [
          key.set(loadWholes(other.get, layout.keys)),
          count(less, four),
          count(nextLess, next),
          add(other, 4),
        ]),
        store(at.get, less.get, layout.leads),
        store(at.get, nextLess.get, layout.leads + 16),
        add(at, 32),
      ]),
      at.set(whole(0)),
      whileTrue(i32.below(at.get, end!.get), [
        place.set(loadWhole(at.get, layout.leads)),
        sum.set(i32.add(sum.get, place.get)),
        place.set(i32.shl(place.get, whole(2))),
        storeWhole(place.get, loadWhole(at.get, layout.keys), layout.otherKeys),
        storeWhole(place.get, loadWhole(at.get, layout.questions), layout.otherQuestions),
        add(at, 4),
      ]),
      storeWhole(whole(0), sum.get, layout.read),
    ];
  });
}
