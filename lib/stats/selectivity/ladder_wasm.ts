/**
 * Takes the sums of persons' weights at the tilts of a ladder, two persons at a time, in WebAssembly: a
 * product and a sum for each score and tilt.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, loadWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import { f64x2, floats, load, store } from "../../wasm/vectors.ts";
import type { Ladder } from "./ladder.ts";
import { addTo, eachRow } from "./strata_code.ts";
import type { StrataLayout } from "./strata_layout.ts";
import { weightByTable, weightByTwo } from "./tilt_weights.ts";

/**
 * The code of {@linkcode StrataCode.climb}.
 *
 * @param isByTable Whether weights stand in one table.
 */
export function climbCode(
  layout: StrataLayout,
  { rungs }: Ladder,
  isByTable: boolean,
): FunctionCode {
  const { groupCount, products } = layout;
  return new FunctionCode(["i32", "i32", "i32"], (parameters, local) => {
    const [at, end, bits] = parameters as [Local, Local, Local];
    const { left, right, mask } = namedLocals(local, "i32", ["left", "right", "mask"]);
    const weights = Array.from({ length: 4 }, () => local("v128"));
    const [weight, square, cube, fourth] = weights as [Local, Local, Local, Local];
    const powers = [local("v128"), local("v128")];
    const masses = rungs.map(() => local("v128"));
    const [one, share] = [floats(1), floats(1 / groupCount)];
    const { begin, weightOf } = isByTable
      ? weightByTable(layout)
      : weightByTwo(layout, { bits, mask });
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const climb = (rung: number): Code[] => {
      const here = powers[rung % 2]!;
      const next = rungs[rung + 2];
      return [
        addTo(masses[rung]!, here.get),
        ...next === undefined
          ? []
          : [here.set(f64x2.mul(here.get, weights[next - rungs[rung]! - 1]!.get))],
      ];
    };
    return [
      ...begin,
      ...rungs.map((_, i) => store(whole(0), one, products + 16 * i)),
      whileTrue(i32.below(at.get, end.get), [
        // The weight of the score of which no distance is kept.
        ...masses.map((mass) => mass.set(one)),
        ...eachRow(layout, (offset) => [
          left.set(loadWhole(at.get, offset)),
          right.set(loadWhole(at.get, offset + 4)),
          weight.set(weightOf(left, right)),
          square.set(f64x2.mul(weight.get, weight.get)),
          cube.set(f64x2.mul(square.get, weight.get)),
          fourth.set(f64x2.mul(square.get, square.get)),
          powers[0]!.set(cube.get),
          powers[1]!.set(f64x2.mul(cube.get, square.get)),
          ...rungs.flatMap((_, rung) => climb(rung)),
        ]),
        ...masses.map((mass, i) =>
          store(
            whole(0),
            f64x2.mul(load(whole(0), products + 16 * i), f64x2.mul(mass.get, share)),
            products + 16 * i,
          )
        ),
        add(at, 8),
      ]),
    ];
  });
}
