/**
 * The WebAssembly code that sums what the walk of `distinct_walk.ts` has left with each person: ranks, and the
 * products of which the AUROCs' variances are made, of eight persons at a time. All numbers are whole, so that
 * their order changes no sum.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, loadShort, whileTrue, whole } from "../../wasm/instructions.ts";
import {
  bytesOf,
  chosen,
  dotted,
  eightShorts,
  either,
  f64x2,
  floatsOf,
  fourWholes,
  i16x8,
  i32x4,
  load,
  lowerHalf,
  shared,
  shorts,
  store,
  upperFloatsOf,
  upperHalf,
} from "../../wasm/vectors.ts";
import type { SelectivityDesign } from "./design.ts";
import { type DistinctLayout, PERSON, ROWS, SHORTS } from "./distinct_layout.ts";

/**
 * The code, from twice the rank of questions at 0, and that among those that choose: for each group the sum of the ranks, that of the choosing ones, and of x = rank − 1 − own and
 * y = most − below + own, the sums of x², xy and y² over persons; and the ranks by cells.
 */
export function distinctSumsCode(
  layout: DistinctLayout,
  { groupCount, personCount }: SelectivityDesign,
): FunctionCode {
  const { cellRanks, rankSums, choosingSums, products } = layout;
  const most = 2 * personCount * (groupCount - 1);
  const blocks = Math.ceil(personCount / SHORTS);
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [zeroRank, zeroChoosing] = parameters as [Local, Local];
    const { at, person, mask, choosing, to } = namedLocals(local, "i32", [
      ...["at", "person", "mask", "choosing", "to"] as const,
    ]);
    const { counted, x, y, product, zero, isZero, zeros, rankOfZero, choosingOfZero } = namedLocals(
      local,
      "v128",
      [
        ...["counted", "x", "y", "product", "zero", "isZero", "zeros"] as const,
        ...["rankOfZero", "choosingOfZero"] as const,
      ],
    );
    const belowZeros = Array.from({ length: groupCount }, () => local("v128"));
    const eight = () => Array.from({ length: SHORTS }, () => local("v128"));
    const [rows, below, own, rank, some] = [eight(), eight(), eight(), eight(), eight()];
    const read = (from: number, into: Local[]) => [
      ...rows.map((each, i) => each.set(load(person.get, layout.persons + from + PERSON * i))),
      ...transposed(rows, into),
    ];
    const addFloats = (to: number, one: Local, other: Local) => [
      product.set(dotted(one.get, other.get)),
      store(
        whole(0),
        f64x2.add(load(whole(0), to), f64x2.add(floatsOf(product.get), upperFloatsOf(product.get))),
        to,
      ),
    ];
    const addWholes = (to: number, values: Code) =>
      store(whole(0), i32x4.add(load(whole(0), to), dotted(values, shorts(1))), to);
    /** What the walk has left out: of questions at 0, no group is passed when they are, not even their own. */
    const fillZeros = (group: number) => [
      isZero.set(i16x8.equal(own[group]!.get, zero.get)),
      zeros.set(i16x8.sub(zeros.get, isZero.get)),
      own[group]!.set(either(own[group]!.get, shared(isZero.get, belowZeros[group]!.get))),
      rank[group]!.set(chosen(rankOfZero.get, rank[group]!.get, isZero.get)),
      some[group]!.set(chosen(choosingOfZero.get, some[group]!.get, isZero.get)),
    ];
    const addZeros = (group: number) =>
      below[group]!.set(
        i16x8.add(below[group]!.get, i16x8.mul(zeros.get, belowZeros[group]!.get)),
      );
    const addUp = (group: number) => {
      const row = cellRanks + 4 * group * personCount;
      const sums = products + 48 * group;
      return [
        store(to.get, lowerHalf(rank[group]!.get), row),
        store(to.get, upperHalf(rank[group]!.get), row + 16),
        addWholes(rankSums + 16 * group, shared(rank[group]!.get, counted.get)),
        addWholes(
          choosingSums + 16 * group,
          shared(some[group]!.get, load(choosing.get, layout.choosingMasks + 16 * group)),
        ),
        x.set(i16x8.sub(i16x8.sub(rank[group]!.get, own[group]!.get), shorts(1))),
        y.set(i16x8.add(i16x8.sub(shorts(most), below[group]!.get), own[group]!.get)),
        x.set(shared(x.get, counted.get)),
        y.set(shared(y.get, counted.get)),
        ...addFloats(sums, x, x),
        ...addFloats(sums + 16, x, y),
        ...addFloats(sums + 32, y, y),
      ];
    };
    const eachGroup = (write: (group: number) => Code | Code[]) =>
      Array.from({ length: groupCount }, (_, group) => write(group)).flat() as Code[];
    const subtract = (address: Local, bytes: number) =>
      address.set(i32.sub(address.get, whole(bytes)));
    return [
      whileTrue(i32.below(at.get, whole(layout.bytes - rankSums)), [
        store(at.get, fourWholes([0, 0, 0, 0]), rankSums),
        at.set(i32.add(at.get, whole(16))),
      ]),
      rankOfZero.set(eightShorts(zeroRank.get)),
      choosingOfZero.set(eightShorts(zeroChoosing.get)),
      ...eachGroup((group) =>
        belowZeros[group]!.set(eightShorts(loadShort(whole(0), layout.belowZeros + 2 * group)))
      ),
      // From the last eight persons to the first: what is written past the last one is overwritten by the next
      // group's first ones.
      person.set(whole(PERSON * SHORTS * blocks)),
      mask.set(whole(16 * blocks)),
      choosing.set(whole(16 * groupCount * blocks)),
      to.set(whole(4 * SHORTS * blocks)),
      whileTrue(mask.get, [
        subtract(person, PERSON * SHORTS),
        subtract(mask, 16),
        subtract(choosing, 16 * groupCount),
        subtract(to, 4 * SHORTS),
        counted.set(load(mask.get, layout.masks)),
        ...read(ROWS.below, below),
        ...read(ROWS.own, own),
        ...read(ROWS.rank, rank),
        ...read(ROWS.choosing, some),
        zeros.set(zero.get),
        ...eachGroup(fillZeros),
        ...eachGroup(addZeros),
        ...eachGroup(addUp),
      ]),
    ];
  });
}

/** Turns eight rows of eight numbers into columns: these stand in the other vectors then. */
function transposed(rows: readonly Local[], columns: readonly Local[]): Code[] {
  // Rows that are four apart are interleaved; what comes of it are neighbours. Three times.
  const interleaved = (first: number) =>
    Array.from({ length: 16 }, (_, i) => first + i % 2 + 2 * (i >> 2) + (i >> 1) % 2 * 16);
  const step = (from: readonly Local[], to: readonly Local[]) =>
    [0, 1, 2, 3].flatMap((i) => {
      const [one, other] = [from[i]!.get, from[i + 4]!.get];
      return [
        to[2 * i]!.set(bytesOf(one, other, interleaved(0))),
        to[2 * i + 1]!.set(bytesOf(one, other, interleaved(8))),
      ];
    });
  return [...step(rows, columns), ...step(columns, rows), ...step(rows, columns)];
}
