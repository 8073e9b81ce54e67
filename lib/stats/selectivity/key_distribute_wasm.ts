/**
 * Sorts keys by their digits in WebAssembly.
 *
 * @module
 */
import { type Code, FunctionCode, namedLocals } from "../../wasm/assembler.ts";
import { i32, loadWhole, storeWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import { DIGIT_BITS, DIGITS } from "./key_sort.ts";

const step = (by: number) => whole(4 * by);

/** Where it reads and writes, in bytes. */
export interface DistributeLayout {
  /** The questions whose activation is not 0. */
  readonly questions: number;
  /** Their keys. */
  readonly keys: number;
  /** Room for as many questions. */
  readonly otherQuestions: number;
  /** Room for as many keys. */
  readonly otherKeys: number;
  /** How often each of two digits is there. */
  readonly histograms: number;
}

/**
 * The code that sorts by two digits, from a bit on, of how far keys are above the lowest; those that are equal there
 * stay in order: from the address after the last key, the lowest key, and that bit.
 */
export function distributeCode(layout: DistributeLayout): FunctionCode {
  const { keys, questions, otherKeys, otherQuestions, histograms } = layout;
  const highDigits = histograms + 4 * DIGITS;
  return new FunctionCode(["i32", "i32", "i32"], ([end, lowest, shift], local) => {
    const { at, key, digits, digit, low, high, here } = namedLocals(local, "i32", [
      ...["at", "key", "digits", "digit", "low", "high", "here"] as const,
    ]);
    const readDigits = (from: number) => [
      key.set(loadWhole(at.get, from)),
      digits.set(i32.shrBits(i32.sub(key.get, lowest!.get), shift!.get)),
    ];
    // The address of a digit's count, from that of the first.
    const addressOf = (digit: Code) => i32.shl(i32.and(digit, whole(DIGITS - 1)), whole(2));
    const lower = addressOf(digits.get);
    const upper = addressOf(i32.shrBits(digits.get, whole(DIGIT_BITS)));
    const increase = (address: Code, table: number) =>
      storeWhole(address, i32.add(loadWhole(address, table), whole(1)), table);
    const each = (limit: Code, body: Code[]): Code[] => [
      at.set(whole(0)),
      whileTrue(i32.below(at.get, limit), [...body, at.set(i32.add(at.get, step(1)))]),
    ];
    /** Counts become the places at which the digits begin, in bytes. */
    const begin = (table: number, sum: typeof low) => [
      here.set(loadWhole(at.get, table)),
      storeWhole(at.get, sum.get, table),
      sum.set(i32.add(sum.get, i32.shl(here.get, whole(2)))),
    ];
    const scatter = (address: Code, table: number, from: [number, number], to: [number, number]) =>
      each(end!.get, [
        ...readDigits(from[0]),
        digit.set(address),
        here.set(loadWhole(digit.get, table)),
        storeWhole(digit.get, i32.add(here.get, step(1)), table),
        storeWhole(here.get, key.get, to[0]),
        storeWhole(here.get, loadWhole(at.get, from[1]), to[1]),
      ]);
    return [
      ...each(step(DIGITS), [
        storeWhole(at.get, whole(0), histograms),
        storeWhole(at.get, whole(0), highDigits),
      ]),
      ...each(end!.get, [
        ...readDigits(keys),
        digit.set(lower),
        increase(digit.get, histograms),
        digit.set(upper),
        increase(digit.get, highDigits),
      ]),
      ...each(step(DIGITS), [...begin(histograms, low), ...begin(highDigits, high)]),
      ...scatter(lower, histograms, [keys, questions], [otherKeys, otherQuestions]),
      ...scatter(upper, highDigits, [otherKeys, otherQuestions], [keys, questions]),
    ];
  });
}
