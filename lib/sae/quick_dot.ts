/**
 * Dot products by four sums, none of which waits for another: in WebAssembly where both vectors lie in
 * its memory, else in TypeScript, which takes several times as long. Both give the same number.
 *
 * @module
 */
import { FunctionCode, type Local, moduleOf } from "../wasm/assembler.ts";
import { i32, whileTrue, whole } from "../wasm/instructions.ts";
import { f64x2, load, store } from "../wasm/vectors.ts";

/** How many bytes a float64 takes, and how many numbers a step takes. */
const [DOUBLE, STEP] = [8, 4];
/** Where the four sums go. */
const SUMS = 0;
/** Where the vectors begin. */
const VECTORS = 32;

/** A function; addresses are in bytes. */
interface DotCode {
  readonly memory: WebAssembly.Memory;
  /** Writes the four sums of the products of the numbers from two addresses on. */
  dot(a: number, b: number, end: number): void;
}

/** The code of each memory, and the sums that it writes. */
const codes = new WeakMap<ArrayBufferLike, { code: DotCode; sums: Float64Array }>();
let module: WebAssembly.Module | undefined;

/**
 * Makes vectors of zeros in one memory.
 *
 * @param count How many.
 */
export function quickVectors(count: number, length: number): Float64Array<ArrayBuffer>[] {
  const stride = DOUBLE * STEP * Math.ceil(length / STEP);
  module ??= new WebAssembly.Module(moduleOf({ dot: dotCode() }, 0));
  const code = new WebAssembly.Instance(module).exports as unknown as DotCode;
  code.memory.grow(Math.ceil((VECTORS + count * stride) / 65536));
  const { buffer } = code.memory;
  codes.set(buffer, { code, sums: new Float64Array(buffer, SUMS, STEP) });
  return Array.from(
    { length: count },
    (_, i) => new Float64Array(buffer as ArrayBuffer, VECTORS + i * stride, length),
  );
}

/** The dot product of two vectors of the same length. */
export function quickDot(a: Float64Array, b: Float64Array): number {
  const end = a.length - a.length % STEP;
  const there = a.buffer === b.buffer ? codes.get(a.buffer) : undefined;
  let [s, t, u, v] = [0, 0, 0, 0];
  if (there !== undefined) {
    there.code.dot(a.byteOffset, b.byteOffset, a.byteOffset + DOUBLE * end);
    [s, t, u, v] = there.sums as unknown as [number, number, number, number];
  } else {
    for (let i = 0; i < end; i += STEP) {
      s += a[i]! * b[i]!;
      t += a[i + 1]! * b[i + 1]!;
      u += a[i + 2]! * b[i + 2]!;
      v += a[i + 3]! * b[i + 3]!;
    }
  }
  for (let i = end; i < a.length; i++) s += a[i]! * b[i]!;
  return s + t + (u + v);
}

function dotCode(): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], (parameters, local) => {
    const [a, b, end] = parameters as [Local, Local, Local];
    const [one, other] = [local("v128"), local("v128")];
    const product = (offset: number) => f64x2.mul(load(a.get, offset), load(b.get, offset));
    return [
      whileTrue(i32.below(a.get, end.get), [
        one.set(f64x2.add(one.get, product(0))),
        other.set(f64x2.add(other.get, product(2 * DOUBLE))),
        a.set(i32.add(a.get, whole(DOUBLE * STEP))),
        b.set(i32.add(b.get, whole(DOUBLE * STEP))),
      ]),
      store(whole(SUMS), one.get, 0),
      store(whole(SUMS), other.get, 2 * DOUBLE),
    ];
  });
}
