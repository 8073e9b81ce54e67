/**
 * The rows of a PNG file from the pixels of a canvas, in WebAssembly: TypeScript has no vectors, and takes
 * several times as long.
 *
 * Source: https://www.w3.org/TR/png-3/#9Filters
 *
 * @module
 */
import { FunctionCode, type Local, moduleOf } from "../../wasm/assembler.ts";
import { growTo } from "../../wasm/grow_memory.ts";
import { i32, ifTrue, loadWhole, storeByte, whileTrue, whole } from "../../wasm/instructions.ts";
import { bytesOf, i32x4, i8x16, laneWhole, load, store, wholes } from "../../wasm/vectors.ts";

/** Red, green and blue, a byte each. */
const CHANNELS = 3;
/** The bytes of a pixel: red is the first, and how opaque it is the last. */
const PIXEL = 4;
/** Pixels in a vector. */
const AT_ONCE = 4;
const VECTOR = PIXEL * AT_ONCE;
/** Red, green and blue of four pixels, and four bytes more, which what is written next covers. */
const COLOURS = [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15];

/** How a row is written: as it is, or by its differences to the row above. */
const FILTER = { none: 0, up: 2 } as const;
/** Differences pay where they are 0 but for one pixel of so many. */
const CHANGED_OF = 16;

/** The function; addresses are in bytes, from the start of the memory. */
interface RowsCode {
  readonly memory: WebAssembly.Memory;
  /**
   * Filters rows, the one above the first before them.
   *
   * @param pixels Where they begin.
   * @param end Where they end.
   * @param length How many bytes a row has.
   * @param to Where they go, each after how it is written.
   */
  filter(pixels: number, end: number, length: number, to: number): void;
}

/** What {@linkcode filterCode} becomes, compiled when it is first needed. */
let module: WebAssembly.Module | undefined;
/** Code whose memory is free: JavaScript would give that of each picture back late. */
const free: RowsCode[] = [];

/** Filters rows of a picture, some at a time. Whoever makes it closes it, by `using`. */
export class PngRows implements Disposable {
  readonly #code: RowsCode;
  readonly #width: number;
  readonly #pixelsAt: number;
  readonly #filteredAt: number;

  /**
   * Makes room; above the first row all is 0.
   *
   * @param width How many pixels a row has.
   * @param most How many rows are filtered at a time, at most.
   */
  constructor(width: number, most: number) {
    module ??= new WebAssembly.Module(moduleOf({ filter: filterCode() }, 0));
    this.#code = free.pop() ?? new WebAssembly.Instance(module).exports as unknown as RowsCode;
    this.#width = width;
    this.#pixelsAt = PIXEL * width;
    // Past the last row some pixels are read, and past what is written some bytes.
    this.#filteredAt = this.#pixelsAt + PIXEL * width * most + VECTOR;
    const { memory } = this.#code;
    growTo(memory, this.#filteredAt + most * this.rowLength + CHANNELS * VECTOR);
    new Uint8Array(memory.buffer, 0, this.#pixelsAt).fill(0);
  }

  /** How many bytes a row has that is written. */
  get rowLength(): number {
    return 1 + CHANNELS * this.#width;
  }

  /**
   * Filters the next rows.
   *
   * @param pixels RGBA, from top to bottom, whole rows, no more than were announced; how opaque they are is left
   * out.
   * @returns The rows, each after how it is written: valid until the next ones are filtered.
   */
  filter(pixels: Uint8Array | Uint8ClampedArray): Uint8Array<ArrayBuffer> {
    const memory = new Uint8Array(this.#code.memory.buffer as ArrayBuffer);
    const [length, from] = [PIXEL * this.#width, this.#pixelsAt];
    memory.set(pixels, from);
    this.#code.filter(from, from + pixels.length, length, this.#filteredAt);
    memory.copyWithin(0, pixels.length, pixels.length + length); // the row above the next ones
    const rows = pixels.length / length;
    return memory.subarray(this.#filteredAt, this.#filteredAt + rows * this.rowLength);
  }

  /** Gives the room to the next picture. */
  [Symbol.dispose](): void {
    free.push(this.#code);
  }
}

/** The code of {@linkcode RowsCode.filter}. */
function filterCode(): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32", "i32"], (parameters, local) => {
    const [pixels, end, length, to] = parameters as [Local, Local, Local, Local];
    const [at, rowEnd, vectorsEnd, alike] = [
      local("i32"),
      local("i32"),
      local("i32"),
      local("i32"),
    ];
    const [out, alikes] = [local("i32"), local("v128")];
    const above = (address: Local) => i32.sub(address.get, length.get);
    const next = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const sumOf = (four: Local) =>
      ([0, 1, 2, 3] as const).map((lane) => laneWhole(four.get, lane))
        .reduce((sum, each) => i32.add(sum, each));
    /** Four pixels at a time; past the last one, what is written after this covers what is written. */
    const write = (four: readonly number[]) => [
      at.set(pixels.get),
      out.set(i32.add(to.get, whole(1))),
      whileTrue(i32.below(at.get, rowEnd.get), [
        store(out.get, bytesOf(four, four, COLOURS), 0),
        next(at, VECTOR),
        next(out, CHANNELS * AT_ONCE),
      ]),
    ];
    const changed = i32.sub(i32.shrBits(length.get, whole(2)), alike.get);
    const mostChanged = i32.shl(changed, whole(Math.log2(CHANGED_OF)));
    return [
      whileTrue(i32.below(pixels.get, end.get), [
        rowEnd.set(i32.add(pixels.get, length.get)),
        vectorsEnd.set(i32.sub(rowEnd.get, i32.and(length.get, whole(VECTOR - 1)))),
        at.set(pixels.get),
        alikes.set(wholes(whole(0))),
        whileTrue(i32.below(at.get, vectorsEnd.get), [
          // Where they are equal it is −1.
          alikes.set(i32x4.sub(alikes.get, i32x4.equal(load(at.get, 0), load(above(at), 0)))),
          next(at, VECTOR),
        ]),
        alike.set(sumOf(alikes)),
        whileTrue(i32.below(at.get, rowEnd.get), [
          alike.set(i32.add(alike.get, i32.equal(loadWhole(at.get, 0), loadWhole(above(at), 0)))),
          next(at, PIXEL),
        ]),
        ifTrue(i32.below(mostChanged, i32.shrBits(length.get, whole(2))), [
          storeByte(to.get, whole(FILTER.up), 0),
          ...write(i8x16.sub(load(at.get, 0), load(above(at), 0)) as number[]),
        ], [
          storeByte(to.get, whole(FILTER.none), 0),
          ...write(load(at.get, 0) as number[]),
        ]),
        to.set(
          i32.add(
            to.get,
            i32.add(whole(1), i32.mul(i32.shrBits(length.get, whole(2)), whole(CHANNELS))),
          ),
        ),
        pixels.set(rowEnd.get),
      ]),
    ];
  });
}
