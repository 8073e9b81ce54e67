/**
 * What is found out about the numbers of a matrix as they pass, in WebAssembly: TypeScript has no
 * vectors, and takes several times as long.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, moduleOf, namedLocals } from "../wasm/assembler.ts";
import { growTo } from "../wasm/grow_memory.ts";
import { i32, loadWhole, whileTrue, whole } from "../wasm/instructions.ts";
import {
  f64x2,
  i32x4,
  load,
  loadFloat32,
  shared,
  store,
  wholes,
  widened,
} from "../wasm/vectors.ts";

/** Rows that take turns, so that no addition waits for the one before. */
export const ROWS_AT_ONCE = 4;
/** How many bytes two floats of 64 bits take. */
export const PAIR_BYTES = 16;

/** The functions; addresses are in bytes, from the start of the memory. */
export interface WeightPassCode {
  /** The memory. */
  readonly memory: WebAssembly.Memory;
  /**
   * Finds the greatest magnitude, as bits, in each of four lanes.
   *
   * @param at Where float32 numbers begin: a multiple of four of them.
   * @param end Where they end.
   * @param lanes Four whole numbers, which become greater.
   */
  greatest(at: number, end: number, lanes: number): void;
  /** Adds products to the sums of four rows: see {@linkcode WeightPassCode.addOne}. */
  addFour: WeightPassCode["addOne"];
  /**
   * Adds to the two sums of a row the products of some of its numbers with those of two vectors, one
   * after the other.
   *
   * @param columns Where the columns stand, each as so many bytes from the start of a row.
   * @param end Where they end.
   * @param pairs Where the vectors' numbers in these columns stand, two of them after the other.
   * @param row Where the row would begin.
   * @param stride How many bytes lie between one row and the next.
   * @param sums Where its two sums stand; those of the next row follow.
   */
  addOne(
    columns: number,
    end: number,
    pairs: number,
    row: number,
    stride: number,
    sums: number,
  ): void;
}

/** All bits of a float32 but its sign. */
const MAGNITUDE_BITS = 0x7fffffff;

let module: WebAssembly.Module | undefined;

/**
 * The code with a memory of its own.
 *
 * @param bytes How much memory, at least.
 */
export function weightPassCode(bytes: number): WeightPassCode {
  module ??= new WebAssembly.Module(
    moduleOf({ greatest: greatestCode(), addFour: addCode(ROWS_AT_ONCE), addOne: addCode(1) }, 0),
  );
  const code = new WebAssembly.Instance(module).exports as unknown as WeightPassCode;
  growTo(code.memory, bytes);
  return code;
}

/** The code of {@linkcode WeightPassCode.greatest}. */
export function greatestCode(): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], (parameters, local) => {
    const [at, end, lanes] = parameters as [Local, Local, Local];
    const greatest = local("v128");
    const magnitudes = shared(load(at.get, 0), wholes(whole(MAGNITUDE_BITS)));
    return [
      greatest.set(load(lanes.get, 0)),
      whileTrue(i32.below(at.get, end.get), [
        greatest.set(i32x4.max(greatest.get, magnitudes)),
        at.set(i32.add(at.get, whole(16))),
      ]),
      store(lanes.get, greatest.get, 0),
    ];
  });
}

function addCode(rows: 1 | typeof ROWS_AT_ONCE): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32", "i32", "i32", "i32"], (parameters, local) => {
    const [columns, end, pairs, row, stride, sums] = parameters as [
      ...[Local, Local, Local, Local, Local, Local],
    ];
    const names = (["a", "b", "c", "d"] as const).slice(0, rows);
    const own = Object.values(namedLocals(local, "v128", names));
    const starts = names.map(() => local("i32"));
    const [column, pair] = [local("i32"), local("v128")];
    const number = (start: Local): Code => widened(loadFloat32(i32.add(start.get, column.get), 0));
    return [
      ...own.map((sum, i) => sum.set(load(sums.get, PAIR_BYTES * i))),
      ...starts.map((start, i) =>
        start.set(i === 0 ? row.get : i32.add(starts[i - 1]!.get, stride.get))
      ),
      whileTrue(i32.below(columns.get, end.get), [
        column.set(loadWhole(columns.get, 0)),
        pair.set(load(pairs.get, 0)),
        ...own.map((sum, i) =>
          sum.set(f64x2.add(sum.get, f64x2.mul(number(starts[i]!), pair.get)))
        ),
        columns.set(i32.add(columns.get, whole(4))),
        pairs.set(i32.add(pairs.get, whole(PAIR_BYTES))),
      ]),
      ...own.map((sum, i) => store(sums.get, sum.get, PAIR_BYTES * i)),
    ];
  });
}
