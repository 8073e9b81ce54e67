/**
 * Sums products of persons' ranks in WebAssembly, of which the AUROCs' variances are made: two persons at
 * a time. All numbers are whole, so that their order changes no sum.
 *
 * @module
 */
import { FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, ifTrue, whileTrue, whole } from "../../wasm/instructions.ts";
import {
  f64x2,
  floatsOf,
  i32x4,
  loadFirst,
  loadLow,
  loadSecond,
  LOWER_HALF,
  shared,
  store,
  wholes,
} from "../../wasm/vectors.ts";
import { addTo } from "./strata_code.ts";

/** Where the ranks stand, in bytes, see `RankWalk`. */
export interface RanksLayout {
  /** See `RankWalk`. */
  readonly cellRanks: number;
  /** See `RankWalk`. */
  readonly own: number;
  /** See `RankWalk`. */
  readonly below: number;
  /** The sums, two lanes each. */
  readonly products: number;
}

/**
 * The code: from the address of a group's first cell, that after its last, that of the first person's number
 * of the group, and the two numbers of `RankWalk.products`.
 *
 * @param row How many bytes are between two persons' numbers of a group.
 */
export function productsCode(layout: RanksLayout, row: number): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32", "i32", "i32"], (parameters, local) => {
    const [cell, end, place, count, most] = parameters as [Local, Local, Local, Local, Local];
    const { counts, mosts, own, x, y, xx, xy, yy } = namedLocals(local, "v128", [
      ...["counts", "mosts", "own", "x", "y", "xx", "xy", "yy"] as const,
    ]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const below = loadSecond(place.get, loadFirst(place.get, layout.below), layout.below + row);
    const read = [
      own.set(loadLow(cell.get, layout.own)),
      x.set(i32x4.sub(
        i32x4.sub(loadLow(cell.get, layout.cellRanks), counts.get),
        own.get,
      )),
      y.set(i32x4.add(i32x4.sub(mosts.get, below), own.get)),
      x.set(floatsOf(x.get)),
      y.set(floatsOf(y.get)),
    ];
    const addUp = [
      addTo(xx, f64x2.mul(x.get, x.get)),
      addTo(xy, f64x2.mul(x.get, y.get)),
      addTo(yy, f64x2.mul(y.get, y.get)),
    ];
    return [
      counts.set(wholes(count.get)),
      mosts.set(wholes(most.get)),
      end.set(i32.sub(end.get, whole(4))),
      whileTrue(i32.less(cell.get, end.get), [
        ...read,
        ...addUp,
        add(cell, 8),
        add(place, 2 * row),
      ]),
      // The last of an odd number of persons: of the next one nothing counts.
      ifTrue(i32.equal(cell.get, end.get), [
        ...read,
        x.set(shared(x.get, LOWER_HALF)),
        y.set(shared(y.get, LOWER_HALF)),
        ...addUp,
      ]),
      ...[xx, xy, yy].map((sum, i) => store(whole(0), sum.get, layout.products + 16 * i)),
    ];
  });
}
