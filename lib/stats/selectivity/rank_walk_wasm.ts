/**
 * The walk of `rank_walk.ts` in WebAssembly: a question adds to the counts of four groups at a time.
 *
 * @module
 */
import {
  type Code,
  FunctionCode,
  type Local,
  moduleOf,
  namedLocals,
} from "../../wasm/assembler.ts";
import {
  i32,
  i32x4,
  ifTrue,
  load,
  loadWhole,
  store,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import { productsCode, rankSumCode } from "./rank_products_wasm.ts";
import type { SelectivityDesign } from "./design.ts";
import { LANES, type RankWalk, strideOf } from "./rank_walk.ts";
import { mostWhole } from "./wholes.ts";

/**
 * What is known of a question: the addresses of its cell's, person's and group's numbers, and of the group's row of
 * units, from the first.
 */
const RECORD = ["cell", "person", "group", "unit"] as const;
/** Bytes of a record: a power of two. */
const RECORD_BITS = 4;

/** Where everything stands, in bytes. */
interface Layout {
  readonly questions: number;
  readonly keys: number;
  readonly records: number;
  readonly cellRanks: number;
  readonly own: number;
  readonly below: number;
  readonly passed: number;
  /** For each group, a row of 0 and, at the group, 1. */
  readonly units: number;
  /** The sums of products, two lanes each. */
  readonly products: number;
  readonly bytes: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  walk(first: number, last: number, rank: number): void;
  products(cell: number, end: number, place: number, count: number, most: number): void;
  rankSum(cell: number, end: number): void;
}

/** The walk for a design; undefined where vectors are not known, or numbers are beyond 32 bits. */
export function wasmRankWalk(design: SelectivityDesign): RankWalk | undefined {
  const { questionCount, groupCount, counts, personCount, groupOf, cellOf, personOf } = design;
  const stride = strideOf(design);
  const layout = layoutOf(design, stride);
  if (mostWhole(design) >= 2 ** 31 || layout.bytes >= 2 ** 31) return undefined;
  const functions = {
    walk: walkCode(layout, stride / LANES),
    products: productsCode(layout, 4 * stride),
    rankSum: rankSumCode(layout),
  };
  const bytes = moduleOf(functions, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, walk, products, rankSum } = new WebAssembly.Instance(
    new WebAssembly.Module(bytes),
  )
    .exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  const wholes = (at: number, length: number) => new Int32Array(buffer, at, length);
  const records = wholes(layout.records, questionCount << RECORD_BITS - 2);
  for (let question = 0; question < questionCount; question++) {
    const at = question << RECORD_BITS - 2;
    records[at] = 4 * cellOf[question]!;
    records[at + 1] = 4 * stride * personOf[question]!;
    records[at + 2] = 4 * groupOf[question]!;
    records[at + 3] = 4 * stride * groupOf[question]!;
  }
  const units = wholes(layout.units, groupCount * stride);
  for (let group = 0; group < groupCount; group++) units[group * stride + group] = 1;
  const passed = wholes(layout.passed, groupCount);
  const sums = new Float64Array(buffer, layout.products, 6);
  return {
    questions: wholes(layout.questions, questionCount),
    keys: wholes(layout.keys, questionCount),
    cellRanks: wholes(layout.cellRanks, counts.length),
    own: wholes(layout.own, counts.length),
    below: wholes(layout.below, stride * personCount),
    stride,
    passed,
    walk(first, last) {
      walk(4 * first, 4 * last, passed.reduce((sum, each) => sum + each, 2));
    },
    rankSum(group) {
      const row = 4 * group * personCount;
      rankSum(row, row + 4 * personCount);
      return sums[0]! + sums[1]!;
    },
    products(group, count, most) {
      const row = 4 * group * personCount;
      products(row, row + 4 * personCount, 4 * group, count, most);
      return { xx: sums[0]! + sums[1]!, xy: sums[2]! + sums[3]!, yy: sums[4]! + sums[5]! };
    },
  };
}

function layoutOf(
  { questionCount, groupCount, counts, personCount }: SelectivityDesign,
  stride: number,
): Layout {
  let bytes = 0;
  const room = (size: number) => {
    const at = bytes;
    bytes += 16 * Math.ceil(size / 16);
    return at;
  };
  return {
    questions: room(4 * questionCount),
    keys: room(4 * questionCount + 4), // one more is read, whatever it is
    records: room(questionCount << RECORD_BITS),
    cellRanks: room(4 * counts.length),
    own: room(4 * counts.length),
    below: room(4 * stride * personCount),
    passed: room(4 * stride),
    units: room(4 * stride * groupCount),
    products: room(48),
    bytes,
  };
}

function walkCode(layout: Layout, vectors: number): FunctionCode {
  return new FunctionCode(["i32", "i32", "i32"], ([at, end, rank], local) => {
    const { next, key, i, record, cell, person, group, unit, below } = namedLocals(local, "i32", [
      ...["next", "key", "i", "record", "cell", "person", "group", "unit", "below"] as const,
    ]);
    const units = local("v128");
    const passed = Array.from({ length: vectors }, () => local("v128"));
    const addTo = (address: Code, value: Code, offset: number) =>
      storeWhole(address, i32.add(loadWhole(address, offset), value), offset);

    /** Reads what is known of the question at `i`. */
    const read = (...wanted: (typeof RECORD[number])[]): Code[] => [
      record.set(i32.shl(loadWhole(i.get, layout.questions), whole(RECORD_BITS))),
      ...wanted.map((name) => {
        const field: Local = { cell, person, group, unit }[name];
        return field.set(loadWhole(record.get, layout.records + 4 * RECORD.indexOf(name)));
      }),
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
      addTo(cell.get, rank!.get, layout.cellRanks),
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
    return [
      ...passed.map((each, v) => each.set(load(whole(0), layout.passed + 16 * v))),
      whileTrue(i32.below(at!.get, end!.get), [
        key.set(loadWhole(at!.get, layout.keys)),
        next.set(i32.add(at!.get, whole(4))),
        ifTrue(isTied, [
          whileTrue(isTied, [
            next.set(i32.add(next.get, whole(4))),
            rank!.set(i32.add(rank!.get, whole(1))),
          ]),
          ...eachOfTie([...read("group", "unit"), ...pass()]),
          ...eachOfTie([...read("cell", "person", "group"), ...add()]),
          ...eachOfTie([...read("group", "unit"), ...pass()]),
          // It has been raised by the other ones of the tie, one each, and is to be by two.
          rank!.set(i32.add(
            rank!.get,
            i32.sub(i32.shr(i32.sub(next.get, at!.get), whole(2)), whole(1)),
          )),
        ], [
          i.set(at!.get),
          ...read("cell", "person", "group", "unit"),
          // Both turns at once.
          below.set(loadWhole(group.get, layout.passed)),
          storeWhole(group.get, i32.add(below.get, whole(2)), layout.passed),
          addTo(cell.get, i32.add(below.get, whole(1)), layout.own),
          addTo(cell.get, rank!.get, layout.cellRanks),
          ...passed.flatMap((each, v) => {
            const offset = layout.below + 16 * v;
            return [
              units.set(load(unit.get, layout.units + 16 * v)),
              each.set(i32x4.add(each.get, units.get)),
              store(person.get, i32x4.add(load(person.get, offset), each.get), offset),
              each.set(i32x4.add(each.get, units.get)),
            ];
          }),
        ]),
        rank!.set(i32.add(rank!.get, whole(2))),
        at!.set(next.get),
      ]),
    ];
  });
}
