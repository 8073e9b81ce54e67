/**
 * Sorts activations by their leading bits in WebAssembly: each stands in one number, its leading bits above
 * those of its place in the column, so that little memory is gone through.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, loadWhole, storeWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import {
  either,
  f32x4,
  fourFloats,
  fourWholes,
  i32x4,
  load,
  shared,
  store,
  unlike,
  wholes,
  wholesOf,
} from "../../wasm/vectors.ts";

/** Where it reads and writes, in bytes. */
export interface LeadLayout {
  /** The keys of the activations that are not 0. */
  readonly keys: number;
  /** For each of them, its leading bits above those of its place among the keys. */
  readonly leads: number;
  /** Room for as many numbers. */
  readonly otherLeads: number;
  /** How often each of two digits is there. */
  readonly histograms: number;
}

/**
 * The leading bits of a number are at most so many: two digits. With more of them, fewer keys seem equal, and more
 * digits are counted.
 */
const MOST_BITS = 18;

/** How many bits of a number are its leading ones, where so many questions are to have a place in the others. */
export function leadingBits(questionCount: number): number {
  return Math.min(MOST_BITS, Math.clz32(Math.max(1, questionCount - 1)));
}

/** Goes through so many bytes, four numbers at a time. */
const eachFour = (at: Local, end: Code, body: Code[]): Code[] => [
  at.set(whole(0)),
  whileTrue(i32.below(at.get, end), [...body, at.set(i32.add(at.get, whole(16)))]),
];

/** The code that writes leads, of four keys at a time. */
function leads(
  { keys, leads }: LeadLayout,
  bits: number,
  { at, end, local }: { at: Local; end: Local; local: (type: "v128") => Local },
  leadOf: (keys: Code) => Code,
): Code[] {
  const indexes = local("v128");
  return [
    indexes.set(fourWholes([0, 1, 2, 3])),
    ...eachFour(at, end.get, [
      store(
        at.get,
        either(i32x4.shl(leadOf(load(at.get, keys)), whole(32 - bits)), indexes.get),
        leads,
      ),
      indexes.set(i32x4.add(indexes.get, wholes(whole(4)))),
    ]),
  ];
}

/**
 * The code that leads by the bits of keys: from the address after the last key, from the first; the lowest key; how
 * far keys are shifted so that so many bits are left.
 */
export function leadByBitsCode(layout: LeadLayout, bits: number): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], (parameters, local) => {
    const [end, lowest, shift] = parameters as [Local, Local, Local];
    const [at, lowests] = [local("i32"), local("v128")];
    return [
      lowests.set(wholes(lowest.get)),
      ...leads(
        layout,
        bits,
        { at, end, local },
        (keys) => i32x4.shrBits(i32x4.sub(keys, lowests.get), shift.get),
      ),
    ];
  });
}

/**
 * The code that leads by the activations themselves, which rounding leaves in order: from the address after the last
 * key, from the first; the least activation; by how much their distances from it are multiplied.
 */
export function leadBySizeCode(layout: LeadLayout, bits: number): FunctionCode {
  return new FunctionCode(["i32", "f32", "f32"], (parameters, local) => {
    const [end, least, scale] = parameters as [Local, Local, Local];
    const at = local("i32");
    const [found, leasts, scales] = [local("v128"), local("v128"), local("v128")];
    const signs = i32x4.shr(found.get, whole(31));
    const activation = unlike(found.get, shared(signs, wholes(whole(0x7fffffff))));
    return [
      leasts.set(fourFloats(least.get)),
      scales.set(fourFloats(scale.get)),
      ...leads(
        layout,
        bits,
        { at, end, local },
        (keys) => [
          ...found.set(keys),
          ...wholesOf(f32x4.mul(f32x4.sub(activation, leasts.get), scales.get)),
        ],
      ),
    ];
  });
}

/** The code that sorts the leads, up to the address after the last one. */
export function leadCode(layout: LeadLayout, bits: number): FunctionCode {
  const { leads, otherLeads, histograms } = layout;
  const low = bits >> 1;
  const high = bits - low;
  const places = 32 - bits;
  const highDigits = histograms + (4 << low);
  return new FunctionCode(["i32"], (parameters, local) => {
    const [end] = parameters as [Local];
    const { at, value, digit, sum, here } = namedLocals(local, "i32", [
      ...["at", "value", "digit", "sum", "here"] as const,
    ]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    /** The same for single numbers, so far from the address: four of them, and what is left one by one. */
    const eachNumber = (body: (offset: number) => Code[]): Code[] => [
      at.set(whole(0)),
      whileTrue(i32.less(i32.add(at.get, whole(12)), end.get), [
        ...[0, 4, 8, 12].flatMap(body),
        add(at, 16),
      ]),
      whileTrue(i32.below(at.get, end.get), [...body(0), add(at, 4)]),
    ];
    /** The address of a digit's count, from that of the first: of the lower digit and of the higher one. */
    const addressOfLow = i32.and(
      i32.shrBits(value.get, whole(places - 2)),
      whole(4 * (2 ** low - 1)),
    );
    const addressOfHigh = i32.and(
      i32.shrBits(value.get, whole(30 - high)),
      whole(4 * (2 ** high - 1)),
    );
    const count = (address: Code, table: number) => [
      digit.set(address),
      storeWhole(digit.get, i32.add(loadWhole(digit.get, table), whole(1)), table),
    ];
    /** Counts become the places at which the digits begin, in bytes. */
    const begin = (table: number, bits: number) => [
      sum.set(whole(0)),
      at.set(whole(0)),
      whileTrue(i32.below(at.get, whole(4 * 2 ** bits)), [
        here.set(loadWhole(at.get, table)),
        storeWhole(at.get, sum.get, table),
        sum.set(i32.add(sum.get, i32.shl(here.get, whole(2)))),
        add(at, 4),
      ]),
    ];
    const scatter = (from: number, address: Code, table: number, to: number) =>
      eachNumber((offset) => [
        value.set(loadWhole(at.get, from + offset)),
        digit.set(address),
        here.set(loadWhole(digit.get, table)),
        storeWhole(digit.get, i32.add(here.get, whole(4)), table),
        storeWhole(here.get, value.get, to),
      ]);
    return [
      ...eachFour(at, whole(4 * (2 ** low + 2 ** high)), [
        store(at.get, fourWholes([0, 0, 0, 0]), histograms),
      ]),
      ...eachNumber((offset) => [
        value.set(loadWhole(at.get, leads + offset)),
        ...count(addressOfLow, histograms),
        ...count(addressOfHigh, highDigits),
      ]),
      ...begin(histograms, low),
      ...begin(highDigits, high),
      ...scatter(leads, addressOfLow, histograms, otherLeads),
      ...scatter(otherLeads, addressOfHigh, highDigits, leads),
    ];
  });
}
