/**
 * One pass over hidden states: which number is the greatest, and how much they vary. In WebAssembly, for
 * TypeScript takes several times as long.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import { greatestMagnitude } from "../tensors/magnitude.ts";
import { FunctionCode, type Local, moduleOf } from "../wasm/assembler.ts";
import { f64, i32, ifTrue, loadFloat, storeFloat, whileTrue, whole } from "../wasm/instructions.ts";
import {
  f64x2,
  lane,
  load,
  loadFloat32,
  loadLow,
  store,
  storeLow,
  widened,
} from "../wasm/vectors.ts";
import { growTo } from "../wasm/grow_memory.ts";
import { greatestCode, type WeightPassCode } from "./weight_pass_wasm.ts";

/** How many hidden states are read at a time: they stay in the caches. */
const ROWS_AT_ONCE = 256;
/** How many bytes a float32 takes, and a float64. */
const [SINGLE, DOUBLE] = [4, 8];
/** How many numbers are looked at at a time. */
const LANES = 4;

/** What was found out. */
export interface PassedStates {
  /** The greatest magnitude; NaN or infinite if a number is. */
  readonly greatest: number;
  /** The mean squared distance of all rows from their mean. */
  readonly variance: number;
}

/** The functions; addresses are in bytes, from the start of the memory. */
interface StatePassCode extends Pick<WeightPassCode, "memory" | "greatest"> {
  /**
   * Adds the numbers of rows to the sums of their columns, and their squares to one sum, one after the
   * other.
   *
   * @param at Where the rows begin.
   * @param end Where they end.
   * @param width How many bytes the sums of a row take.
   * @param sums Where the sums stand.
   * @param squares Where the sum of the squares stands.
   */
  add(at: number, end: number, width: number, sums: number, squares: number): void;
}

let code: StatePassCode | undefined;

/** Passes over all rows. The sums are those of a plain loop, in its order, to the last bit. */
export function passStates(hidden: Rows): PassedStates {
  const { count, width } = hidden;
  code ??= stateCode();
  const [lanes, squares, sums, rows] = [0, 16, 32, 32 + DOUBLE * (width + width % 2)];
  growTo(code.memory, rows + SINGLE * width * Math.min(count, ROWS_AT_ONCE));
  const { buffer } = code.memory;
  const added = new Float64Array(buffer, 0, rows / DOUBLE).fill(0);
  let greatest = 0; // of the few that are left over when four are looked at at a time
  for (let start = 0; start < count; start += ROWS_AT_ONCE) {
    const some = hidden.read(start, Math.min(ROWS_AT_ONCE, count - start));
    new Float32Array(buffer, rows, some.length).set(some);
    const even = some.length - some.length % LANES;
    code.greatest(rows, rows + SINGLE * even, lanes);
    greatest = Math.max(greatest, greatestMagnitude(some.subarray(even)));
    code.add(rows, rows + some.byteLength, DOUBLE * width, sums, squares);
  }
  const means = added.subarray(sums / DOUBLE, sums / DOUBLE + width);
  const meanSquare = means.reduce((total, sum) => total + (sum / count) ** 2, 0);
  return {
    greatest: Math.max(greatest, greatestMagnitude(new Float32Array(buffer, lanes, LANES))),
    variance: Math.max(0, added[squares / DOUBLE]! / count - meanSquare),
  };
}

function stateCode(): StatePassCode {
  const module = new WebAssembly.Module(
    moduleOf({ greatest: greatestCode(), add: addCode() }, 0),
  );
  return new WebAssembly.Instance(module).exports as unknown as StatePassCode;
}

function addCode(): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32", "i32", "i32"], (parameters, local) => {
    const [at, end, width, sums, squares] = parameters as [Local, Local, Local, Local, Local];
    const [column, even, last] = [local("i32"), local("i32"), local("i32")];
    const [pair, products, total] = [local("v128"), local("v128"), local("f64")];
    const addLane = (index: 0 | 1) => total.set(f64.add(total.get, lane(products.get, index)));
    return [
      total.set(loadFloat(squares.get, 0)),
      last.set(i32.add(sums.get, width.get)),
      even.set(i32.add(sums.get, i32.and(width.get, whole(-2 * DOUBLE)))),
      whileTrue(i32.below(at.get, end.get), [
        column.set(sums.get),
        whileTrue(i32.below(column.get, even.get), [
          pair.set(widened(loadLow(at.get, 0))),
          store(column.get, f64x2.add(load(column.get, 0), pair.get), 0),
          products.set(f64x2.mul(pair.get, pair.get)),
          addLane(0),
          addLane(1),
          at.set(i32.add(at.get, whole(2 * SINGLE))),
          column.set(i32.add(column.get, whole(2 * DOUBLE))),
        ]),
        ifTrue(i32.below(column.get, last.get), [
          pair.set(widened(loadFloat32(at.get, 0))),
          storeLow(column.get, f64x2.add(load(column.get, 0), pair.get), 0),
          products.set(f64x2.mul(pair.get, pair.get)),
          addLane(0),
          at.set(i32.add(at.get, whole(SINGLE))),
        ]),
      ]),
      storeFloat(squares.get, total.get, 0),
    ];
  });
}
