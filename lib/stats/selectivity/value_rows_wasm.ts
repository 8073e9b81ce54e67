/**
 * Goes through activations in WebAssembly, four at a time, as `value_rows.ts` says: with the same bits.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, moduleOf } from "../../wasm/assembler.ts";
import { i32, loadWhole, whileTrue, whole, widen } from "../../wasm/instructions.ts";
import { both, f64x2, floats, load, shared, store } from "../../wasm/vectors.ts";
import { addTo } from "./strata_code.ts";
import { type RowOrder, STEP, type ValueRows } from "./value_rows.ts";

/** Where everything stands, in bytes. */
interface Layout {
  readonly column: number;
  readonly places: number;
  readonly values: number;
  readonly parts: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  place(end: number): void;
  sum(at: number, end: number): void;
  deviate(at: number, end: number, mean: number): void;
  total(rows: number, length: number, to: number): void;
  weigh(...parameters: number[]): void;
}

/** How many bytes two registers hold. */
const BYTES = 8 * STEP;

/** The code for an order; undefined where vectors are not known. */
export function wasmValueRows(
  { places, threshold }: RowOrder,
  room: number,
): ValueRows | undefined {
  const row = 16 * Math.ceil(places.length / 4);
  const layout: Layout = { column: 0, places: row, parts: 2 * row, values: 2 * row + 2 * BYTES };
  const size = layout.values + 8 * (room + 1); // sums are written two at a time
  if (size >= 2 ** 31) return undefined;
  const functions = {
    place: placeCode(layout),
    sum: sumCode(layout, threshold),
    deviate: deviateCode(layout),
    total: totalCode(layout),
    weigh: weighCode(layout),
  };
  const bytes = moduleOf(functions, size);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, ...code } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  new Int32Array(buffer, layout.places, places.length).set(places.map((place) => 8 * place));
  return {
    column: new Float32Array(buffer, layout.column, places.length),
    values: new Float64Array(buffer, layout.values, room),
    parts: new Float64Array(buffer, layout.parts, 2 * STEP),
    place: () => code.place(4 * places.length),
    sum: (first, last) => code.sum(8 * first, 8 * last),
    deviate: (first, last, mean) => code.deviate(8 * first, 8 * last, mean),
    total: (rows, length, to) => code.total(8 * rows * length, 8 * length, 8 * to),
    weigh(first, last, rest, { expectedIn, ofIn, expectedOut, ofOut }) {
      code.weigh(8 * first, 8 * last, 8 * rest, expectedIn, ofIn, expectedOut, ofOut);
    },
  };
}

const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));

function placeCode({ column, places, values }: Layout): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const at = local("i32");
    return [
      whileTrue(i32.below(at.get, end!.get), [
        widen(at.get, column, loadWhole(at.get, places), values),
        add(at, 4),
      ]),
    ];
  });
}

/** Two registers' worth of two sums each, and code that adds to those of one register. */
function addUp(
  { at, end, local, parts }: { at: Local; end: Local; local: () => Local; parts: number },
  add4: (offset: number, one: Local, other: Local) => Code[],
  others: readonly Local[] = [at],
): Code[] {
  const sums = Array.from({ length: 4 }, local);
  return [
    whileTrue(i32.below(at.get, end.get), [
      ...add4(0, sums[0]!, sums[2]!),
      ...add4(16, sums[1]!, sums[3]!),
      ...others.map((address) => add(address, BYTES)),
    ]),
    ...sums.map((sum, i) => store(whole(0), sum.get, parts + 16 * i)),
  ];
}

function sumCode({ values, parts }: Layout, threshold: number): FunctionCode {
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [at, end] = parameters as [Local, Local];
    const value = local("v128");
    return addUp({ at, end, local: () => local("v128"), parts }, (offset, sum, active) => [
      value.set(load(at.get, values + offset)),
      addTo(sum, value.get),
      addTo(active, shared(f64x2.over(value.get, floats(threshold)), floats(1))),
    ]);
  });
}

function deviateCode({ values, parts }: Layout): FunctionCode {
  return new FunctionCode(["i32", "i32", "f64"], (parameters, local) => {
    const [at, end, mean] = parameters as [Local, Local, Local];
    const [means, deviation] = [local("v128"), local("v128")];
    return [
      means.set(both(mean.get)),
      ...addUp({ at, end, local: () => local("v128"), parts }, (offset, sum, squares) => [
        deviation.set(f64x2.sub(load(at.get, values + offset), means.get)),
        addTo(sum, deviation.get),
        addTo(squares, f64x2.mul(deviation.get, deviation.get)),
      ]),
    ];
  });
}

/** From the address after the last row, how many bytes a row has, and the address of the sums. */
function totalCode({ values }: Layout): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], (parameters, local) => {
    const [end, length, to] = parameters as [Local, Local, Local];
    const [first, at, sum] = [local("i32"), local("i32"), local("v128")];
    return [
      whileTrue(i32.below(first.get, length.get), [
        sum.set(floats(0)),
        at.set(first.get),
        whileTrue(i32.below(at.get, end.get), [
          addTo(sum, load(at.get, values)),
          at.set(i32.add(at.get, length.get)),
        ]),
        store(i32.add(to.get, first.get), sum.get, values),
        add(first, 16),
      ]),
    ];
  });
}

function weighCode({ values, parts }: Layout): FunctionCode {
  return new FunctionCode(
    ["i32", "i32", "i32", "f64", "f64", "f64", "f64"],
    (parameters, local) => {
      const [at, end, rest, ...weights] = parameters as [Local, Local, Local, ...Local[]];
      const [own, deviation] = [local("v128"), local("v128")];
      const [expectedIn, ofIn, expectedOut, ofOut] = weights.map(() => local("v128")) as [
        ...[Local, Local, Local, Local],
      ];
      return [
        ...[expectedIn, ofIn, expectedOut, ofOut].map((each, i) => each.set(both(weights[i]!.get))),
        ...addUp({ at, end, local: () => local("v128"), parts }, (offset, squares) => [
          own.set(load(at.get, values + offset)),
          deviation.set(f64x2.sub(
            f64x2.mul(f64x2.sub(own.get, expectedIn.get), ofIn.get),
            f64x2.mul(
              f64x2.sub(f64x2.sub(load(rest.get, values + offset), own.get), expectedOut.get),
              ofOut.get,
            ),
          )),
          addTo(squares, f64x2.mul(deviation.get, deviation.get)),
        ], [at, rest]),
      ];
    },
  );
}
