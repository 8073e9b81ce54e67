/**
 * The walk of `single_walk.ts` in WebAssembly.
 *
 * @module
 */
import { FunctionCode, type Local, moduleOf, namedLocals } from "../../wasm/assembler.ts";
import {
  f64,
  float,
  i32,
  ifTrue,
  loadFloat,
  loadWhole,
  storeFloat,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import type { SelectivityDesign } from "./design.ts";
import type { SingleWalk } from "./single_walk.ts";

/** What is summed of each group. */
const SUMS = ["passed", "others", "uDoubled", "squaresIn", "squaresOut"] as const;

/** Where everything stands, in bytes. */
interface Layout extends Readonly<Record<typeof SUMS[number], number>> {
  readonly questions: number;
  readonly keys: number;
  /** For each question: the address of its group's numbers, from the first. */
  readonly groups: number;
  /** For each group: twice how many questions it has. */
  readonly sizes: number;
  readonly stop: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  walk(first: number, last: number, below: number): void;
}

/** The walk for a design; undefined where its code is not known. */
export function wasmSingleWalk(
  { questionCount, groupCount, groupOf, groupSizes }: SelectivityDesign,
): SingleWalk | undefined {
  const row = 8 * Math.ceil((questionCount + 1) / 2); // one more key is read, whatever it is
  const perGroup = (index: number) => 3 * row + 8 * groupCount * index;
  const layout: Layout = {
    questions: 0,
    keys: row,
    groups: 2 * row,
    passed: perGroup(0),
    others: perGroup(1),
    uDoubled: perGroup(2),
    squaresIn: perGroup(3),
    squaresOut: perGroup(4),
    sizes: perGroup(5),
    stop: perGroup(6),
  };
  if (layout.stop >= 2 ** 31) return undefined;
  const bytes = moduleOf({ walk: walkCode(layout) }, layout.stop + 4);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, walk } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  const wholes = (at: number, length = questionCount) => new Int32Array(buffer, at, length);
  const floats = (at: number) => new Float64Array(buffer, at, groupCount);
  wholes(layout.groups).set(groupOf.map((group) => 8 * group));
  floats(layout.sizes).set(groupSizes.map((size) => 2 * size));
  const stop = wholes(layout.stop, 1);
  return {
    questions: wholes(layout.questions),
    keys: wholes(layout.keys),
    passed: floats(layout.passed),
    others: floats(layout.others),
    uDoubled: floats(layout.uDoubled),
    squaresIn: floats(layout.squaresIn),
    squaresOut: floats(layout.squaresOut),
    walk(first, last, below) {
      walk(4 * first, 4 * last, below);
      return stop[0]! / 4;
    },
  };
}

function walkCode(layout: Layout): FunctionCode {
  return new FunctionCode(["i32", "i32", "f64"], (parameters, local) => {
    const [at, end, below] = parameters as [Local, Local, Local];
    const { next, group } = namedLocals(local, "i32", ["next", "group"]);
    const { own, before, above } = namedLocals(local, "f64", ["own", "before", "above"]);
    const read = (sum: keyof Layout) => loadFloat(group.get, layout[sum]);
    const write = (sum: keyof Layout, value: typeof own.get) =>
      storeFloat(group.get, value, layout[sum]);
    const twice = f64.mul(float(2), before.get);
    const isTied = i32.and(
      i32.below(next.get, end.get),
      i32.equal(loadWhole(at.get, layout.keys), loadWhole(next.get, layout.keys)),
    );
    return [
      storeWhole(whole(0), end.get, layout.stop),
      whileTrue(i32.below(at.get, end.get), [
        next.set(i32.add(at.get, whole(4))),
        ifTrue(isTied, [
          // It stops by going no farther.
          storeWhole(whole(0), at.get, layout.stop),
          end.set(at.get),
        ], [
          group.set(
            loadWhole(i32.shl(loadWhole(at.get, layout.questions), whole(2)), layout.groups),
          ),
          own.set(read("passed")),
          before.set(f64.sub(below.get, own.get)),
          above.set(f64.sub(read("sizes"), f64.add(own.get, own.get))),
          write("uDoubled", f64.add(read("uDoubled"), twice)),
          write("squaresIn", f64.add(read("squaresIn"), f64.mul(twice, twice))),
          write(
            "squaresOut",
            f64.add(
              read("squaresOut"),
              f64.mul(f64.sub(before.get, read("others")), f64.mul(above.get, above.get)),
            ),
          ),
          write("others", before.get),
          write("passed", f64.add(own.get, float(1))),
          below.set(f64.add(below.get, float(1))),
          at.set(next.get),
        ]),
      ]),
    ];
  });
}
