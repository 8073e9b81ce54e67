/**
 * The WebAssembly code that finds the moments of a column of which few activations are not 0.
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
  f64,
  float,
  i32,
  loadFloat,
  loadWhole,
  overFloat,
  storeFloat,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import type { SelectivityDesign } from "./design.ts";
import type { FewLayout, FewRow } from "./few_moments_layout.ts";

/** The code: up to eight times how many activations are not 0. Sums and means are taken as `GroupMoments` does. */
export function fewMomentsCode(
  layout: FewLayout,
  { groupCount, questionCount }: SelectivityDesign,
  threshold: number,
): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const { at, group } = namedLocals(local, "i32", ["at", "group"]);
    const { value, center, rounding } = namedLocals(local, "f64", ["value", "center", "rounding"]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const read = (row: FewRow) => loadFloat(group.get, layout[row]);
    const write = (row: FewRow, number: Code) => storeFloat(group.get, number, layout[row]);
    const addTo = (row: FewRow, number: Code) => write(row, f64.add(read(row), number));
    const activeAt = i32.shr(group.get, whole(1));
    const eachGroup = (body: Code[]) => [
      group.set(whole(0)),
      whileTrue(i32.below(group.get, whole(8 * groupCount)), [...body, add(group, 8)]),
    ];
    const eachActivation = (body: Code[]) => [
      at.set(whole(0)),
      whileTrue(i32.below(at.get, end!.get), [
        group.set(loadWhole(i32.shr(at.get, whole(1)), layout.groups)),
        value.set(loadFloat(at.get, layout.values)),
        ...body,
        add(at, 8),
      ]),
    ];
    const product = f64.mul(read("zeros"), read("meanIn"));
    return [
      ...eachGroup([
        ...(["sums", "offsets", "squares"] as const).map((row) => write(row, float(0))),
        write("zeros", read("sizes")),
        storeWhole(activeAt, whole(0), layout.active),
      ]),
      ...eachActivation([
        addTo("sums", value.get),
        write("zeros", f64.sub(read("zeros"), float(1))),
        storeWhole(
          activeAt,
          i32.add(loadWhole(activeAt, layout.active), overFloat(value.get, float(threshold))),
          layout.active,
        ),
      ]),
      ...eachGroup([write("meanIn", f64.div(read("sums"), read("divisors")))]),
      ...eachActivation([
        value.set(f64.sub(value.get, read("meanIn"))),
        addTo("offsets", value.get),
        addTo("squares", f64.mul(value.get, value.get)),
      ]),
      ...eachGroup([
        write("offsets", f64.sub(read("offsets"), product)),
        addTo("squares", f64.mul(product, read("meanIn"))),
        center.set(f64.add(
          center.get,
          f64.div(f64.mul(read("meanIn"), read("sizes")), float(questionCount)),
        )),
      ]),
      ...eachGroup([
        rounding.set(f64.div(read("offsets"), read("divisors"))),
        write(
          "squaresIn",
          f64.max(float(0), f64.sub(read("squares"), f64.mul(read("offsets"), rounding.get))),
        ),
        write(
          "distances",
          f64.add(f64.sub(read("meanIn"), center.get), rounding.get),
        ),
        write("meanIn", f64.add(read("meanIn"), rounding.get)),
      ]),
      ...mergeCode({ group, local, read, write, groupCount }),
    ];
  });
}

/** The moments of some groups. */
type Moments<Value> = Readonly<Record<"mean" | "distance" | "squares", Value>>;

/** Outside of a group are those before it, merged one by one, and those after it. */
function mergeCode(
  { group, local, read, write, groupCount }: {
    group: Local;
    local: (type: ValueType) => Local;
    read: (row: FewRow) => Code;
    write: (row: FewRow, number: Code) => Code;
    groupCount: number;
  },
): Code[] {
  const names = ["mean", "distance", "squares"] as const;
  const [before, after, outside] = [
    namedLocals(local, "f64", names),
    namedLocals(local, "f64", names),
    namedLocals(local, "f64", names),
  ];
  const gap = local("f64");
  const valuesOf = (of: Moments<Local>): Moments<Code> => ({
    mean: of.mean.get,
    distance: of.distance.get,
    squares: of.squares.get,
  });
  const own = { mean: read("meanIn"), distance: read("distances"), squares: read("squaresIn") };
  /** See `MergedMoments.merge`. */
  const merge = (
    into: Moments<Local>,
    other: Moments<Code>,
    count: FewRow,
    share: FewRow,
  ): Code[] => [
    gap.set(f64.sub(other.distance, into.distance.get)),
    into.squares.set(f64.add(
      f64.add(into.squares.get, other.squares),
      f64.mul(f64.mul(f64.mul(gap.get, gap.get), read(share)), read(count)),
    )),
    into.mean.set(
      f64.add(into.mean.get, f64.mul(f64.sub(other.mean, into.mean.get), read(share))),
    ),
    into.distance.set(f64.add(into.distance.get, f64.mul(gap.get, read(share)))),
  ];
  return [
    group.set(whole(0)),
    whileTrue(i32.below(group.get, whole(8 * groupCount)), [
      write("meanBefore", before.mean.get),
      write("distanceBefore", before.distance.get),
      write("squaresBefore", before.squares.get),
      ...merge(before, own, "countBefore", "shareBefore"),
      group.set(i32.add(group.get, whole(8))),
    ]),
    whileTrue(group.get, [
      group.set(i32.sub(group.get, whole(8))),
      outside.mean.set(read("meanBefore")),
      outside.distance.set(read("distanceBefore")),
      outside.squares.set(read("squaresBefore")),
      ...merge(outside, valuesOf(after), "countBefore", "shareOutside"),
      write("meanOut", outside.mean.get),
      write("squaresOut", outside.squares.get),
      ...merge(after, own, "countAfter", "shareAfter"),
    ]),
  ];
}
