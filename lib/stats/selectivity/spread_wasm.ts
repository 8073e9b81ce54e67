/**
 * Reads the scores of persons, two at a time, in WebAssembly: how far each is from its person's highest and
 * lowest, and what they give without a tilt.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, whileTrue, whole } from "../../wasm/instructions.ts";
import {
  either,
  f64x2,
  floats,
  floatsOf,
  i32x4,
  loadLow,
  store,
  storeLow,
} from "../../wasm/vectors.ts";
import { addTo, eachGroup, eachRow, mulBy, stored, twice } from "./strata_code.ts";
import { SPREAD_SUMS, type StrataLayout } from "./strata_layout.ts";

/** The code of {@linkcode StrataCode.spread}. */
export function spreadCode(layout: StrataLayout): FunctionCode {
  const { scores, below, above, ranges, groupCount, stride } = layout;
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [at, end] = parameters as [Local, Local];
    const person = local("i32");
    const {
      score,
      sum,
      high,
      low,
      tiedHigh,
      tiedLow,
      range,
      bits,
      mean,
      b,
      square,
      squares,
      cubes,
      fourths,
    } = namedLocals(local, "v128", [
      ...["score", "sum", "high", "low", "tiedHigh", "tiedLow", "range", "bits"] as const,
      ...["mean", "b", "square", "squares", "cubes", "fourths"] as const,
    ]);
    const sums = namedLocals(local, "v128", SPREAD_SUMS);
    const share = floats(1 / groupCount);
    const [zero, one] = [floats(0), floats(1)];
    const scoreAt = (offset: number) => loadLow(at.get, scores + offset);
    const rowOf = (group: number) => 4 * stride * group;
    /** How far a score is below the highest, and above the lowest, if it is not that itself. */
    const distances = (group: number, offset: number): Code[] => {
      const isHighest = group === groupCount - 1;
      const toAbove = above + (isHighest ? offset - rowOf(1) : offset);
      return [
        ...(isHighest ? [] : [
          b.set(i32x4.sub(high.get, score.get)),
          bits.set(either(bits.get, b.get)),
          storeLow(person.get, i32x4.shl(b.get, whole(2)), below + offset),
        ]),
        ...(group === groupCount - 2
          ? []
          : [storeLow(person.get, i32x4.shl(i32x4.sub(score.get, low.get), whole(2)), toAbove)]),
      ];
    };
    // Scores are whole numbers, so that a mean by division is exact where it is one, too.
    const write = (value: Code, offset: number) => storeLow(at.get, value, scores + offset);
    const first = [
      sum.set(scoreAt(0)),
      high.set(scoreAt(0)),
      // The highest goes to the end, all others one place forward; then the lowest to the end of these.
      ...eachGroup(layout, (offset, group) =>
        group === 0 ? [] : [
          score.set(scoreAt(offset)),
          sum.set(i32x4.add(sum.get, score.get)),
          write(i32x4.min(high.get, score.get), rowOf(group - 1)),
          high.set(i32x4.max(high.get, score.get)),
        ]),
      write(high.get, rowOf(groupCount - 1)),
      low.set(scoreAt(0)),
      ...eachGroup(layout, (offset, group) =>
        group === 0 || group === groupCount - 1 ? [] : [
          score.set(scoreAt(offset)),
          write(i32x4.max(low.get, score.get), rowOf(group - 1)),
          low.set(i32x4.min(low.get, score.get)),
        ]),
      write(low.get, rowOf(groupCount - 2)),
      mean.set(f64x2.div(floatsOf(sum.get), floats(groupCount))),
    ];
    const then = [
      ...[squares, cubes, fourths, tiedHigh, tiedLow].map((each) => each.set(zero)),
      ...eachGroup(layout, (offset, group) => [
        score.set(loadLow(person.get, scores + offset)),
        ...distances(group, offset),
        // A comparison gives −1 where it holds.
        tiedHigh.set(i32x4.sub(tiedHigh.get, i32x4.equal(score.get, high.get))),
        tiedLow.set(i32x4.sub(tiedLow.get, i32x4.equal(score.get, low.get))),
        b.set(f64x2.sub(floatsOf(score.get), mean.get)),
        square.set(f64x2.mul(b.get, b.get)),
        addTo(squares, square.get),
        addTo(cubes, f64x2.mul(square.get, b.get)),
        addTo(fourths, f64x2.mul(square.get, square.get)),
      ]),
      mulBy(squares, share),
      addTo(sums.mean, mean.get),
      addTo(sums.variance, squares.get),
      addTo(sums.skew, f64x2.mul(cubes.get, share)),
      addTo(
        sums.kurtosis,
        f64x2.sub(
          f64x2.mul(fourths.get, share),
          f64x2.mul(f64x2.mul(floats(3), squares.get), squares.get),
        ),
      ),
      addTo(sums.highest, floatsOf(high.get)),
      addTo(sums.lowest, floatsOf(low.get)),
      mulBy(sums.tiesHigh, floatsOf(tiedHigh.get)),
      mulBy(sums.tiesLow, floatsOf(tiedLow.get)),
      range.set(i32x4.max(range.get, i32x4.sub(high.get, low.get))),
      person.set(i32.add(person.get, whole(8))),
    ];
    return [
      sums.tiesHigh.set(one),
      sums.tiesLow.set(one),
      person.set(at.get),
      twice(layout, { at, end, local }, { first, kept: [high, low, mean], then }),
      ...stored(layout, sums),
      store(whole(0), range.get, ranges),
      store(whole(0), bits.get, ranges + 16),
    ];
  });
}

/** The code of {@linkcode StrataCode.double}. */
export function doubleCode(layout: StrataLayout): FunctionCode {
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [at, end] = parameters as [Local, Local];
    const distance = local("v128");
    return [
      whileTrue(i32.below(at.get, end.get), [
        ...eachRow(layout, (offset) =>
          [layout.below, layout.above].flatMap((rows) => [
            distance.set(loadLow(at.get, rows + offset)),
            storeLow(at.get, i32x4.shl(distance.get, whole(1)), rows + offset),
          ])),
        at.set(i32.add(at.get, whole(8))),
      ]),
    ];
  });
}
