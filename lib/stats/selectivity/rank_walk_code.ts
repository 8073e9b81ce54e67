/**
 * The WebAssembly code that goes through sorted questions: one adds to the counts of four groups at a time.
 *
 * @module
 */
import { type Code, FunctionCode, namedLocals } from "../../wasm/assembler.ts";
import {
  addToFloat,
  i32,
  ifTrue,
  loadWhole,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import { i32x4, load, store } from "../../wasm/vectors.ts";

/**
 * Bytes of what is known of a question, two to the power of this: the address of its cell's numbers, from the
 * first; that of its person's number of its group. The shorter, the more of them are at hand.
 */
export const RECORD_BITS = 3;

/** Where everything stands, in bytes. */
export interface WalkLayout {
  /** The sorted questions. */
  readonly questions: number;
  /** Their keys. */
  readonly keys: number;
  /** What is known of each question. */
  readonly records: number;
  /** See `RankWalk`. */
  readonly cellRanks: number;
  /** See `RankWalk`. */
  readonly own: number;
  /** See `RankWalk`. */
  readonly below: number;
  /** See `RankWalk`. */
  readonly passed: number;
  /** Twice the sum of the midranks of each group's questions: floats. */
  readonly groupRanks: number;
  /** See `RankWalk`. */
  readonly cellNonzeros: number;
  /** See `RankWalk`. */
  readonly personNonzeros: number;
  /** See `RankWalk`. */
  readonly nonzeros: number;
  /** See `RankWalk`. */
  readonly persons: number;
  /** A bit of each person: whether a question is not at 0. */
  readonly isActive: number;
  /** How many persons have been listed. */
  readonly found: number;
  /** For each group, a row of 0 and, at the group, 1. */
  readonly units: number;
  /** The sums of products, two lanes each. */
  readonly products: number;
  /** How much memory that is. */
  readonly bytes: number;
}

/**
 * The code: from the address of the first question, and that after the last, and the doubled rank of the first.
 *
 * @param vectors How many vectors hold a number of each group; how many numbers a person's row has; whether
 * keys are read.
 */
export function walkCode(
  layout: WalkLayout,
  { vectors, stride, hasTies }: { vectors: number; stride: number; hasTies: boolean },
): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], ([at, end, rank], local) => {
    const { next, key, i, record, cell, person, group, unit, below } = namedLocals(local, "i32", [
      ...["next", "key", "i", "record", "cell", "person", "group", "unit", "below"] as const,
    ]);
    const units = local("v128");
    const passed = Array.from({ length: vectors }, () => local("v128"));
    const addTo = (address: Code, value: Code, offset: number) =>
      storeWhole(address, i32.add(loadWhole(address, offset), value), offset);

    const rowBits = 4 * stride - 1;
    /** Reads what is known of the question at `i`. */
    const read = (): Code[] => [
      record.set(i32.shl(loadWhole(i.get, layout.questions), whole(RECORD_BITS))),
      cell.set(loadWhole(record.get, layout.records)),
      person.set(loadWhole(record.get, layout.records + 4)),
      group.set(i32.and(person.get, whole(rowBits))),
      person.set(i32.xor(person.get, group.get)),
      unit.set(i32.shl(group.get, whole(Math.log2(stride)))),
    ];
    const addRank = () => [
      addTo(cell.get, rank!.get, layout.cellRanks),
      addToFloat(i32.shl(group.get, whole(1)), rank!.get, layout.groupRanks),
    ];
    /** Passes half of the question, whose group has been read. */
    const pass = (): Code[] => [
      addTo(group.get, whole(1), layout.passed),
      ...passed.map((each, v) =>
        each.set(i32x4.add(each.get, load(unit.get, layout.units + 16 * v)))
      ),
    ];
    /** Adds the question's rank, and what is below it, all of which has been read. */
    const add = (): Code[] => [
      ...addRank(),
      addTo(cell.get, loadWhole(group.get, layout.passed), layout.own),
      ...passed.map((each, v) => {
        const offset = layout.below + 16 * v;
        return store(person.get, i32x4.add(load(person.get, offset), each.get), offset);
      }),
    ];
    const eachOfTie = (body: Code[]): Code[] => [
      i.set(at!.get),
      whileTrue(i32.below(i.get, next.get), [...body, i.set(i32.add(i.get, whole(4)))]),
    ];
    const isTied = i32.and(
      i32.below(next.get, end!.get),
      i32.equal(loadWhole(next.get, layout.keys), key.get),
    );
    /** Passes a question without a tie: both turns at once. */
    const passAlone = (): Code[] => [
      i.set(at!.get),
      ...read(),
      below.set(loadWhole(group.get, layout.passed)),
      storeWhole(group.get, i32.add(below.get, whole(2)), layout.passed),
      addTo(cell.get, i32.add(below.get, whole(1)), layout.own),
      ...addRank(),
      ...passed.flatMap((each, v) => {
        const offset = layout.below + 16 * v;
        return [
          units.set(load(unit.get, layout.units + 16 * v)),
          each.set(i32x4.add(each.get, units.get)),
          store(person.get, i32x4.add(load(person.get, offset), each.get), offset),
          each.set(i32x4.add(each.get, units.get)),
        ];
      }),
    ];
    const passTie = (): Code[] => [
      whileTrue(isTied, [
        next.set(i32.add(next.get, whole(4))),
        rank!.set(i32.add(rank!.get, whole(1))),
      ]),
      ...eachOfTie([...read(), ...pass()]),
      ...eachOfTie([...read(), ...add()]),
      ...eachOfTie([...read(), ...pass()]),
      // It has been raised by the other ones of the tie, one each, and is to be by two.
      rank!.set(i32.add(
        rank!.get,
        i32.sub(i32.shr(i32.sub(next.get, at!.get), whole(2)), whole(1)),
      )),
    ];
    return [
      ...passed.map((each, v) => each.set(load(whole(0), layout.passed + 16 * v))),
      whileTrue(i32.below(at!.get, end!.get), [
        next.set(i32.add(at!.get, whole(4))),
        ...(hasTies
          ? [
            key.set(loadWhole(at!.get, layout.keys)),
            ifTrue(isTied, passTie(), passAlone()),
          ]
          : passAlone()),
        rank!.set(i32.add(rank!.get, whole(2))),
        at!.set(next.get),
      ]),
    ];
  });
}
