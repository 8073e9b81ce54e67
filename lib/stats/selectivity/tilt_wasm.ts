/**
 * Tilts the scores of persons, two at a time, in WebAssembly.
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
import { i32, loadWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import {
  chosen,
  f64x2,
  floats,
  floatsOf,
  load,
  loadBoth,
  loadLow,
  shared,
  store,
} from "../../wasm/vectors.ts";
import { addTo, eachRow, mulBy, stored, twice } from "./strata_code.ts";
import { LEAST_BITS, type StrataLayout, TILT_SUMS } from "./strata_layout.ts";
import { weightByTable, weightByTwo } from "./tilt_weights.ts";

/** The code of {@linkcode StrataCode.tilt}. */
export function tiltCode(layout: StrataLayout): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32", "i32", "i32"], (parameters, local) => {
    const [at, end, bits, person, own] = parameters as [Local, Local, Local, Local, Local];
    const { begin, weightOf } = weightByTwo(layout, { bits, mask: local("i32") });
    return [...begin, ...goThrough(layout, { at, end, person, own }, { local, weightOf })];
  });
}

/** The code of {@linkcode StrataCode.tiltByTable}. */
export function tiltByTableCode(layout: StrataLayout): FunctionCode {
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [at, end] = parameters as [Local, Local];
    const { weightOf } = weightByTable(layout);
    return goThrough(layout, { at, end }, { local, weightOf });
  });
}

/** The code of {@linkcode StrataCode.multiply}. */
export function multiplyCode({ fine, coarse, table }: StrataLayout): FunctionCode {
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [length, bits] = parameters as [Local, Local];
    const factor = local("v128");
    const { from, to, at, end } = namedLocals(local, "i32", ["from", "to", "at", "end"]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    return [
      length.set(i32.shl(length.get, whole(3))),
      end.set(i32.shl(whole(8), bits.get)),
      whileTrue(i32.below(from.get, length.get), [
        factor.set(loadBoth(from.get, coarse)),
        at.set(whole(0)),
        whileTrue(i32.below(at.get, end.get), [
          ...Array.from(
            { length: 2 ** LEAST_BITS / 2 },
            (_, i) =>
              store(to.get, f64x2.mul(factor.get, load(at.get, fine + 16 * i)), table + 16 * i),
          ),
          add(at, 8 * 2 ** LEAST_BITS),
          add(to, 8 * 2 ** LEAST_BITS),
        ]),
        add(from, 8),
      ]),
    ];
  });
}

/** Where persons stand; whose they are, where they are not all in every group. */
interface Range {
  readonly at: Local;
  readonly end: Local;
  readonly person?: Local;
  readonly own?: Local;
}

/** Goes through persons, whose distances are weighted. */
function goThrough(
  layout: StrataLayout,
  { at, end, person, own }: Range,
  { local, weightOf }: {
    local: (type: ValueType) => Local;
    weightOf: (left: Local, right: Local) => Code;
  },
): Code[] {
  const { groupCount, isRagged, helds } = layout;
  const { d, weight, mass, first, second, third, fourth, mean, cube, variance, central } =
    namedLocals(local, "v128", [
      ...["d", "weight", "mass", "first", "second", "third", "fourth"] as const,
      ...["mean", "cube", "variance", "central"] as const,
    ]);
  const sums = namedLocals(local, "v128", TILT_SUMS);
  const [left, right] = [local("i32"), local("i32")];
  const mask64 = local("v128");
  const [zero, one] = [floats(0), floats(1)];
  // Of all groups, the mean is the sum times a number, which is faster than to divide.
  const meanMass = () =>
    isRagged
      ? chosen(f64x2.div(mass.get, load(person!.get, helds)), one, mask64.get)
      : f64x2.mul(mass.get, floats(1 / groupCount));
  /** What counts of a number: nothing of persons who are not in the group. */
  const counted = (value: Code) => isRagged ? shared(value, mask64.get) : value;
  const three = floats(3);
  return [
    sums.mass.set(one),
    twice(layout, { at, end, local }, {
      first: [
        mass.set(isRagged ? zero : one), // the weight of the score of which no distance is kept
        ...[first, second, third, fourth].map((each) => each.set(zero)),
        ...eachRow(layout, (offset) => [
          left.set(loadWhole(at.get, offset)),
          right.set(loadWhole(at.get, offset + 4)),
          d.set(floatsOf(loadLow(at.get, offset))),
          weight.set(weightOf(left, right)),
          addTo(mass, weight.get),
          ...[first, second, third, fourth].flatMap((sum) => [
            mulBy(weight, d.get),
            addTo(sum, weight.get),
          ]),
        ]),
      ],
      kept: [mass, first, second, third, fourth],
      then: [
        ...(isRagged ? [mask64.set(load(i32.add(own!.get, person!.get), 0))] : []),
        mulBy(sums.mass, meanMass()),
        mass.set(f64x2.div(one, mass.get)),
        mean.set(f64x2.mul(first.get, mass.get)),
        mulBy(second, mass.get),
        cube.set(f64x2.mul(third.get, mass.get)),
        variance.set(f64x2.sub(second.get, f64x2.mul(mean.get, mean.get))),
        central.set(f64x2.sub(
          cube.get,
          f64x2.mul(mean.get, f64x2.add(second.get, f64x2.add(variance.get, variance.get))),
        )),
        addTo(sums.gap, counted(mean.get)),
        addTo(sums.spread, counted(variance.get)),
        addTo(sums.skew, counted(central.get)),
        addTo(
          sums.kurtosis,
          counted(f64x2.sub(
            f64x2.sub(
              f64x2.mul(fourth.get, mass.get),
              f64x2.mul(
                mean.get,
                f64x2.add(
                  cube.get,
                  f64x2.mul(
                    three,
                    f64x2.add(central.get, f64x2.mul(mean.get, variance.get)),
                  ),
                ),
              ),
            ),
            f64x2.mul(three, f64x2.mul(variance.get, variance.get)),
          )),
        ),
        ...(isRagged ? [person!.set(i32.add(person!.get, whole(16)))] : []),
      ],
    }),
    ...stored(layout, sums),
  ];
}
