/**
 * Reads the bits of activations in WebAssembly, four at a time where none or all of them are 0.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import {
  areAll,
  chosen,
  either,
  fourWholes,
  i32,
  i32x4,
  ifTrue,
  isAny,
  load,
  loadWhole,
  shared,
  store,
  storeWhole,
  unlike,
  whileTrue,
  whole,
  wholes,
} from "../../wasm/instructions.ts";
import type { ReadKeys } from "./key_sort.ts";

/** How many numbers reading a column writes: see `readKeys`. */
export const READ_LENGTH = 20;

/** Where it reads and writes, in bytes. */
export interface ReadLayout {
  /** The bits of the activations. */
  readonly bits: number;
  /** The questions whose activation is not 0. */
  readonly questions: number;
  /** Their keys. */
  readonly keys: number;
  /** Numbers that the caller reads. */
  readonly read: number;
}

/** How many activations are read at a time. */
const LANES = 4;

/** What is known of a column, from what the code has written: a number of bytes, and four lanes of each. */
export function readKeys(found: Int32Array): ReadKeys {
  let [negative, lowest, highest, largest] = [0, 0x7fffffff, -0x80000000, 0];
  for (let lane = 0; lane < LANES; lane++) {
    negative += found[LANES + lane]!;
    lowest = Math.min(lowest, found[2 * LANES + lane]!);
    highest = Math.max(highest, found[3 * LANES + lane]!);
    largest = Math.max(largest, found[4 * LANES + lane]!);
  }
  return { count: found[0]! / 4, negative, lowest, highest, largest };
}

/**
 * The code of {@linkcode KeySort.read}, up to an address that is a multiple of 16 bytes: what is past the last activation is 0.
 *
 * The bits of a float as a number ascend with it, once those of negative ones are turned round.
 */
export function readCode(layout: ReadLayout): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const { at, count, value, key } = namedLocals(local, "i32", [
      ...["at", "count", "value", "key"] as const,
    ]);
    const { values, magnitudes, signs, keys, question, negative, lowest, highest, largest } =
      namedLocals(local, "v128", [
        ...["values", "magnitudes", "signs", "keys", "question"] as const,
        ...["negative", "lowest", "highest", "largest"] as const,
      ]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const note = (keys: Code, magnitudes: Code, signs: Code) => [
      negative.set(i32x4.sub(negative.get, signs)),
      lowest.set(i32x4.min(lowest.get, keys)),
      highest.set(i32x4.max(highest.get, keys)),
      largest.set(i32x4.max(largest.get, magnitudes)),
    ];
    const turn = (sign: Code) => shared(sign, wholes(whole(0x7fffffff)));
    const turned = [
      signs.set(i32x4.shr(values.get, whole(31))),
      keys.set(unlike(values.get, turn(signs.get))),
    ];
    const readAll = [
      ...turned,
      ...note(keys.get, magnitudes.get, signs.get),
      store(count.get, keys.get, layout.keys),
      store(count.get, question.get, layout.questions),
      add(count, 4 * LANES),
    ];
    /** Writes one that may be 0: then the next is written to the same place. To ask would take longer. */
    const readOne = (lane: number) => [
      value.set(loadWhole(at.get, layout.bits + 4 * lane)),
      key.set(
        i32.xor(value.get, i32.and(i32.shr(value.get, whole(31)), whole(0x7fffffff))),
      ),
      storeWhole(count.get, key.get, layout.keys),
      storeWhole(count.get, i32.add(i32.shr(at.get, whole(2)), whole(lane)), layout.questions),
      count.set(i32.add(
        count.get,
        i32.shl(i32.below(whole(0), i32.and(value.get, whole(0x7fffffff))), whole(2)), // −0 is 0
      )),
    ];
    const zeros = i32x4.equal(magnitudes.get, fourWholes([0, 0, 0, 0]));
    const readSome = [
      ...turned,
      lowest.set(
        i32x4.min(lowest.get, chosen(wholes(whole(0x7fffffff)), keys.get, zeros)),
      ),
      highest.set(
        i32x4.max(highest.get, chosen(wholes(whole(-0x80000000)), keys.get, zeros)),
      ),
      largest.set(i32x4.max(largest.get, magnitudes.get)),
      negative.set(i32x4.sub(
        negative.get,
        chosen(fourWholes([0, 0, 0, 0]), signs.get, zeros),
      )),
      ...Array.from({ length: LANES }, (_, lane) => readOne(lane)).flat(),
    ];
    // After four at 0, there are mostly more: the next 16, if all are.
    const next = (vector: number) => load(at.get, layout.bits + 16 * vector);
    const nextOnes = shared(
      either(either(next(1), next(2)), either(next(3), next(4))),
      wholes(whole(0x7fffffff)),
    );
    const skip = [
      whileTrue(
        i32.and(
          i32.less(i32.add(at.get, whole(64)), end!.get),
          i32.equal(isAny(nextOnes), whole(0)),
        ),
        [
          question.set(i32x4.add(question.get, wholes(whole(4 * LANES)))),
          add(at, 64),
        ],
      ),
    ];
    return [
      lowest.set(wholes(whole(0x7fffffff))),
      highest.set(wholes(whole(-0x80000000))),
      question.set(fourWholes([0, 1, 2, 3])),
      whileTrue(i32.below(at.get, end!.get), [
        values.set(load(at.get, layout.bits)),
        magnitudes.set(shared(values.get, wholes(whole(0x7fffffff)))),
        ifTrue(
          areAll(magnitudes.get),
          readAll,
          [ifTrue(
            isAny(magnitudes.get),
            readSome,
            skip,
          )],
        ),
        question.set(i32x4.add(question.get, wholes(whole(LANES)))),
        add(at, 4 * LANES),
      ]),
      storeWhole(whole(0), count.get, layout.read),
      ...[negative, lowest, highest, largest].map((each, i) =>
        store(whole(0), each.get, layout.read + 16 * (i + 1))
      ),
    ];
  });
}
