/**
 * The walk of `rank_walk.ts` in WebAssembly: a question adds to the counts of four groups at a time.
 *
 * @module
 */
import { moduleOf } from "../../wasm/assembler.ts";
import { bytesOfBits, clearCode, countCode } from "./active_cells_code.ts";
import type { SelectivityDesign } from "./design.ts";
import { productsCode } from "./rank_products_wasm.ts";
import { type RankWalk, strideOf, vectorsOf } from "./rank_walk.ts";
import { RECORD_BITS, walkCode, type WalkLayout } from "./rank_walk_code.ts";
import { mostWhole } from "./wholes.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  walk(first: number, last: number, rank: number): void;
  walkUntied(first: number, last: number, rank: number): void;
  products(cell: number, end: number, place: number, count: number, most: number): void;
  count(end: number): void;
  clear(end: number): void;
}

/** The walk for a design; undefined where vectors are not known, or numbers are beyond 32 bits. */
export function wasmRankWalk(design: SelectivityDesign): RankWalk | undefined {
  const { questionCount, groupCount, counts, personCount, groupOf, cellOf, personOf } = design;
  const stride = strideOf(design);
  const vectors = vectorsOf(design);
  const layout = layoutOf(design, stride);
  if (mostWhole(design) >= 2 ** 31 || layout.bytes >= 2 ** 31) return undefined;
  const functions = {
    walk: walkCode(layout, { vectors, stride, hasTies: true }),
    walkUntied: walkCode(layout, { vectors, stride, hasTies: false }),
    products: productsCode(layout, 4 * stride),
    count: countCode(layout, { stride, personCount }),
    clear: clearCode(layout, { stride, vectors }),
  };
  const bytes = moduleOf(functions, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, walk, walkUntied, products, count, clear } = new WebAssembly.Instance(
    new WebAssembly.Module(bytes),
  ).exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  const wholes = (at: number, length: number) => new Int32Array(buffer, at, length);
  const records = wholes(layout.records, questionCount << RECORD_BITS - 2);
  for (let question = 0; question < questionCount; question++) {
    const at = question << RECORD_BITS - 2;
    records[at] = 4 * cellOf[question]!;
    records[at + 1] = 4 * (stride * personOf[question]! + groupOf[question]!);
  }
  const units = wholes(layout.units, groupCount * stride);
  for (let group = 0; group < groupCount; group++) units[group * stride + group] = 1;
  const passed = wholes(layout.passed, groupCount);
  const found = wholes(layout.found, 1);
  const groupRanks = new Float64Array(buffer, layout.groupRanks, groupCount);
  const sums = new Float64Array(buffer, layout.products, 6);
  return {
    questions: wholes(layout.questions, questionCount),
    keys: wholes(layout.keys, questionCount),
    cellRanks: wholes(layout.cellRanks, counts.length),
    own: wholes(layout.own, counts.length),
    below: wholes(layout.below, stride * personCount),
    stride,
    passed,
    cellNonzeros: wholes(layout.cellNonzeros, counts.length),
    personNonzeros: wholes(layout.personNonzeros, personCount),
    nonzeros: wholes(layout.nonzeros, groupCount),
    persons: wholes(layout.persons, personCount),
    clear: (many) => clear(4 * many),
    count(many) {
      count(4 * many);
      return found[0]!;
    },
    walk(first, last, hasTies) {
      if (first === last) return;
      let rank = 2;
      for (let group = 0; group < groupCount; group++) rank += passed[group]!;
      (hasTies ? walk : walkUntied)(4 * first, 4 * last, rank);
    },
    rankSum: (group) => groupRanks[group]!,
    products(group, perCell, most) {
      const row = 4 * group * personCount;
      products(row, row + 4 * personCount, 4 * group, perCell, most);
      return { xx: sums[0]! + sums[1]!, xy: sums[2]! + sums[3]!, yy: sums[4]! + sums[5]! };
    },
  };
}

function layoutOf(
  { questionCount, groupCount, counts, personCount }: SelectivityDesign,
  stride: number,
): WalkLayout {
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
    groupRanks: room(8 * stride),
    cellNonzeros: room(4 * counts.length),
    personNonzeros: room(4 * personCount),
    nonzeros: room(4 * stride),
    persons: room(4 * personCount),
    isActive: room(bytesOfBits(personCount)),
    found: room(4),
    units: room(4 * stride * groupCount),
    products: room(48),
    bytes,
  };
}
