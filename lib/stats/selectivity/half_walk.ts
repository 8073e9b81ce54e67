/**
 * Sums the ranks that some questions have among themselves, from the order of all.
 *
 * @module
 */
import { type Code, FunctionCode, moduleOf, namedLocals } from "../../wasm/assembler.ts";
import {
  addToFloat,
  i32,
  ifTrue,
  loadWhole,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";

/** Goes through sorted questions, and where it writes. */
export interface HalfWalk {
  /** Questions, by ascending activation. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** The keys of these, which are equal where activations are. */
  readonly keys: Int32Array<ArrayBuffer>;
  /** For each group, twice the sum of its counted questions' midranks among those that are counted. */
  readonly groupRanks: Float64Array<ArrayBuffer>;
  /**
   * Adds up sorted questions; so many that count are passed. Returns how many are passed then.
   *
   * @param hasTies Whether activations can be equal; if not, keys are not read.
   */
  walk(first: number, last: number, passed: number, hasTies: boolean): number;
}

/** What is known of each question. */
export interface HalfQuestions {
  /**
   * The group of each question that counts; of any other, as many as there are groups more: its rank goes where
   * it is not read. Were all of these to go to one place, each would have to wait for the one before.
   */
  readonly groupOf: Int32Array;
  /** How many groups there are. */
  readonly groupCount: number;
}

/** The walk in TypeScript: for tests, and where the code of the other is not known. */
export function plainHalfWalk({ groupOf, groupCount }: HalfQuestions): HalfWalk {
  const questions = new Int32Array(groupOf.length);
  const keys = new Int32Array(groupOf.length);
  const groupRanks = new Float64Array(2 * groupCount);
  const isCounted = Uint8Array.from(groupOf, (group) => Number(group < groupCount));
  return {
    questions,
    keys,
    groupRanks,
    walk(first, last, passed, hasTies) {
      for (let start = first; start < last;) {
        let end = start;
        let tied = 0;
        do tied += isCounted[questions[end++]!]!; while (
          hasTies && end < last && keys[end] === keys[start]
        );
        const rank = 2 * passed + tied + 1;
        for (let i = start; i < end; i++) groupRanks[groupOf[questions[i]!]!]! += rank;
        passed += tied;
        start = end;
      }
      return passed;
    },
  };
}

interface Layout {
  readonly questions: number;
  readonly keys: number;
  /** For each question: the address of its group's sum, from the first. */
  readonly groups: number;
  readonly groupRanks: number;
  readonly passed: number;
  readonly bytes: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  walk(first: number, last: number, passed: number): void;
  walkUntied(first: number, last: number, passed: number): void;
}

/** The walk in WebAssembly; undefined where its code is not known. */
export function wasmHalfWalk({ groupOf, groupCount }: HalfQuestions): HalfWalk | undefined {
  const row = 8 * Math.ceil(groupOf.length / 2);
  const layout: Layout = {
    questions: 0,
    keys: row,
    groups: 2 * row,
    groupRanks: 3 * row,
    passed: 3 * row + 16 * groupCount,
    bytes: 3 * row + 16 * groupCount + 8,
  };
  if (layout.bytes >= 2 ** 31) return undefined;
  const functions = {
    walk: walkCode(layout, groupCount),
    walkUntied: walkUntiedCode(layout, groupCount),
  };
  const bytes = moduleOf(functions, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, walk, walkUntied } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  const wholes = (at: number, length: number) => new Int32Array(buffer, at, length);
  wholes(layout.groups, groupOf.length).set(groupOf.map((group) => 8 * group));
  const found = wholes(layout.passed, 1);
  return {
    questions: wholes(layout.questions, groupOf.length),
    keys: wholes(layout.keys, groupOf.length),
    groupRanks: new Float64Array(buffer, layout.groupRanks, 2 * groupCount),
    walk(first, last, passed, hasTies) {
      (hasTies ? walk : walkUntied)(4 * first, 4 * last, passed);
      return found[0]!;
    },
  };
}

function walkCode(
  { questions, keys, groups, groupRanks, passed: found }: Layout,
  groupCount: number,
): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], ([at, end, passed], local) => {
    const { next, key, group, tied, rank, i } = namedLocals(local, "i32", [
      ...["next", "key", "group", "tied", "rank", "i"] as const,
    ]);
    const add = (local: typeof next, value: Code) => local.set(i32.add(local.get, value));
    const read = (question: Code) =>
      group.set(loadWhole(i32.shl(loadWhole(question, questions), whole(2)), groups));
    const isCounted = () => i32.below(group.get, whole(8 * groupCount));
    const count = () => add(tied, isCounted());
    const addRank = () => addToFloat(group.get, rank.get, groupRanks);
    // Whether the next question is of the same tie. Beyond the last one, what is read changes nothing.
    const isTied = i32.and(
      i32.below(next.get, end!.get),
      i32.equal(loadWhole(next.get, keys), key.get),
    );
    return [
      whileTrue(i32.below(at!.get, end!.get), [
        key.set(loadWhole(at!.get, keys)),
        next.set(i32.add(at!.get, whole(4))),
        tied.set(whole(0)),
        read(at!.get),
        count(),
        ifTrue(isTied, [
          whileTrue(isTied, [read(next.get), count(), add(next, whole(4))]),
          rank.set(i32.add(i32.add(i32.shl(passed!.get, whole(1)), tied.get), whole(1))),
          i.set(at!.get),
          whileTrue(i32.below(i.get, next.get), [read(i.get), addRank(), add(i, whole(4))]),
        ], [
          // Of a question that does not count, the sum is not read.
          rank.set(i32.add(i32.shl(passed!.get, whole(1)), whole(2))),
          addRank(),
        ]),
        add(passed!, tied.get),
        at!.set(next.get),
      ]),
      storeWhole(whole(0), passed!.get, found),
    ];
  });
}

function walkUntiedCode(
  { questions, groups, groupRanks, passed: found }: Layout,
  groupCount: number,
): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], ([at, end, passed], local) => {
    const [group, rank] = [local("i32"), local("i32")];
    const add = (local: typeof group, value: Code) => local.set(i32.add(local.get, value));
    return [
      rank.set(i32.add(i32.shl(passed!.get, whole(1)), whole(2))),
      whileTrue(i32.below(at!.get, end!.get), [
        group.set(loadWhole(i32.shl(loadWhole(at!.get, questions), whole(2)), groups)),
        addToFloat(group.get, rank.get, groupRanks),
        add(rank, i32.shl(i32.below(group.get, whole(8 * groupCount)), whole(1))),
        add(at!, whole(4)),
      ]),
      storeWhole(whole(0), i32.sub(i32.shr(rank.get, whole(1)), whole(1)), found),
    ];
  });
}
