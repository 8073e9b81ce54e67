/**
 * Reads the bits of activations in WebAssembly, 32 at a time.
 *
 * @module
 */
import {
  type Code,
  FunctionCode,
  type Local,
  namedLocals,
  type ValueType,
} from "../../wasm/assembler.ts";
import {
  firstBit,
  i32,
  ifTrue,
  loadWhole,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import {
  bitsOfBytes,
  either,
  fourWholes,
  i32x4,
  isAny,
  load,
  narrowed,
  shared,
  store,
  unlike,
  wholes,
} from "../../wasm/vectors.ts";
import type { ReadKeys } from "./key_sort.ts";

/** How many numbers reading a column writes: see `readKeys`. */
export const READ_LENGTH = 16;

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

/** So many questions are read at a time: one bit of a whole number each. */
export const BLOCK = 32;
/** How many activations a vector holds. */
const LANES = 4;
const VECTORS = BLOCK / LANES;

/** What is known of a column, from what the code has written: two numbers, and four lanes of each. */
export function readKeys(found: Int32Array): ReadKeys {
  let [negative, lowest, highest] = [found[1]!, 0x7fffffff, -0x80000000];
  for (let lane = 0; lane < LANES; lane++) {
    negative += found[LANES + lane]!;
    lowest = Math.min(lowest, found[2 * LANES + lane]!);
    highest = Math.max(highest, found[3 * LANES + lane]!);
  }
  // The key of a negative one is −1 less its magnitude.
  return { count: found[0]!, negative, lowest, highest, largest: Math.max(highest, ~lowest) };
}

const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
const withoutSigns = (bits: Code) => i32x4.shl(bits, whole(1)); // −0 is 0

/** A bit for each of 32 activations, the first one's lowest: whether it is 0. */
function zerosCode(first: (vector: number) => Code): Code {
  const isZero = (vector: number) =>
    i32x4.equal(withoutSigns(first(vector)), fourWholes([0, 0, 0, 0]));
  const eight = (vector: number) => narrowed.toShorts(isZero(vector), isZero(vector + 1));
  const half = (vector: number) => bitsOfBytes(narrowed.toBytes(eight(vector), eight(vector + 2)));
  return i32.or(half(0), i32.shl(half(VECTORS / 2), whole(BLOCK / 2)));
}

/**
 * The code of {@linkcode KeySort.read}, up to an address that is a multiple of 32 activations: those past the last one
 * are 0.
 *
 * The bits of a float as a number ascend with it, once those of negative ones are turned round.
 */
export function readCode(layout: ReadLayout): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const { at, to, bits, from, value } = namedLocals(local, "i32", [
      ...["at", "to", "bits", "from", "value"] as const,
    ]);
    const values = local("v128");
    const vectorAt = (vector: number) => load(at.get, layout.bits + 16 * vector);
    const anyBits = Array.from({ length: VECTORS }, (_, i) => vectorAt(i)).reduce(either);
    const readAll = Array.from({ length: VECTORS }, (_, vector): Code[] => [
      values.set(vectorAt(vector)),
      store(
        to.get,
        unlike(
          values.get,
          shared(i32x4.shr(values.get, whole(31)), wholes(whole(0x7fffffff))),
        ),
        layout.keys + 16 * vector,
      ),
      store(
        to.get,
        i32x4.add(
          wholes(i32.shr(at.get, whole(2))),
          fourWholes([0, 1, 2, 3].map((lane) => LANES * vector + lane)),
        ),
        layout.questions + 16 * vector,
      ),
    ]).flat();
    const readSome = whileTrue(bits.get, [
      from.set(i32.add(at.get, i32.shl(firstBit(bits.get), whole(2)))),
      value.set(loadWhole(from.get, layout.bits)),
      storeWhole(
        to.get,
        i32.xor(value.get, i32.and(i32.shr(value.get, whole(31)), whole(0x7fffffff))),
        layout.keys,
      ),
      storeWhole(to.get, i32.shr(from.get, whole(2)), layout.questions),
      add(to, 4),
      bits.set(i32.and(bits.get, i32.sub(bits.get, whole(1)))),
    ]);
    return [
      whileTrue(i32.below(at.get, end!.get), [
        ifTrue(isAny(withoutSigns(anyBits)), [
          bits.set(zerosCode(vectorAt)),
          ifTrue(bits.get, [
            bits.set(i32.xor(bits.get, whole(-1))),
            readSome,
          ], [
            ...readAll,
            add(to, 4 * BLOCK),
          ]),
        ]),
        add(at, 4 * BLOCK),
      ]),
      storeWhole(whole(0), i32.shr(to.get, whole(2)), layout.read),
      ...noteCode(layout, { end: to, at, local }),
    ];
  });
}

/** Notes how many keys are below 0, and the lowest and the highest, up to the address after the last key. */
function noteCode(
  { keys, read }: ReadLayout,
  { end, at, local }: { end: Local; at: Local; local: (type: ValueType) => Local },
): Code[] {
  const { four, negative, lowest, highest } = namedLocals(local, "v128", [
    ...["four", "negative", "lowest", "highest"] as const,
  ]);
  const rest = local("i32");
  const noteFour = [
    lowest.set(i32x4.min(lowest.get, four.get)),
    highest.set(i32x4.max(highest.get, four.get)),
  ];
  return [
    lowest.set(wholes(whole(0x7fffffff))),
    highest.set(wholes(whole(-0x80000000))),
    at.set(whole(0)),
    whileTrue(i32.below(i32.add(at.get, whole(4 * LANES - 4)), end.get), [
      four.set(load(at.get, keys)),
      negative.set(i32x4.sub(negative.get, i32x4.shr(four.get, whole(31)))),
      ...noteFour,
      add(at, 4 * LANES),
    ]),
    whileTrue(i32.below(at.get, end.get), [
      four.set(wholes(loadWhole(at.get, keys))),
      rest.set(i32.sub(rest.get, i32.shr(loadWhole(at.get, keys), whole(31)))),
      ...noteFour,
      add(at, 4),
    ]),
    storeWhole(whole(0), rest.get, read + 4),
    ...[negative, lowest, highest].map((each, i) => store(whole(0), each.get, read + 16 * (i + 1))),
  ];
}
