/**
 * The WebAssembly code that counts the questions of a column that are not at 0, by cell, person and group, and
 * forgets them again: as long as there are such questions, however many others there are.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import {
  firstBit,
  i32,
  ifTrue,
  loadWhole,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import { fourWholes, store } from "../../wasm/vectors.ts";
import { RECORD_BITS, type WalkLayout } from "./rank_walk_code.ts";

/** How many bits of a row of persons stand in a whole number. */
const WORD = 32;

/** How many bytes hold a bit of each person. */
export function bytesOfBits(personCount: number): number {
  return 4 * Math.ceil(personCount / WORD);
}

/** What is known of the question whose place among the sorted ones is at an address. */
function questionCode(
  { questions, records }: WalkLayout,
  { at, record, cell, row }: Record<"at" | "record" | "cell" | "row", Local>,
): Code[] {
  return [
    record.set(i32.shl(loadWhole(at.get, questions), whole(RECORD_BITS))),
    cell.set(loadWhole(record.get, records)),
    row.set(loadWhole(record.get, records + 4)),
  ];
}

/**
 * The code that counts sorted questions, up to the address after the last, and lists their persons, ascending.
 *
 * @param stride How many numbers a person's row has.
 */
export function countCode(
  layout: WalkLayout,
  { stride, personCount }: { stride: number; personCount: number },
): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const locals = namedLocals(local, "i32", ["at", "record", "cell", "row", "person", "word"]);
    const { at, cell, row, person, word } = locals;
    const { bits, to } = namedLocals(local, "i32", ["bits", "to"]);
    const add = (address: Local, bytes: number) => address.set(i32.add(address.get, whole(bytes)));
    const count = (address: Code, counts: number) =>
      storeWhole(address, i32.add(loadWhole(address, counts), whole(1)), counts);
    return [
      whileTrue(i32.below(at.get, end!.get), [
        ...questionCode(layout, locals),
        person.set(i32.shrBits(row.get, whole(2 + Math.log2(stride)))),
        word.set(i32.shl(i32.shrBits(person.get, whole(5)), whole(2))),
        count(cell.get, layout.cellNonzeros),
        count(i32.and(row.get, whole(4 * stride - 1)), layout.nonzeros),
        count(i32.shl(person.get, whole(2)), layout.personNonzeros),
        // Bits beyond those of a number count from its first one again.
        storeWhole(
          word.get,
          i32.or(loadWhole(word.get, layout.isActive), i32.shl(whole(1), person.get)),
          layout.isActive,
        ),
        add(at, 4),
      ]),
      word.set(whole(0)),
      whileTrue(i32.below(word.get, whole(bytesOfBits(personCount))), [
        bits.set(loadWhole(word.get, layout.isActive)),
        ifTrue(bits.get, [
          storeWhole(word.get, whole(0), layout.isActive),
          whileTrue(bits.get, [
            storeWhole(
              to.get,
              i32.add(i32.shl(word.get, whole(3)), firstBit(bits.get)),
              layout.persons,
            ),
            add(to, 4),
            bits.set(i32.and(bits.get, i32.sub(bits.get, whole(1)))),
          ]),
        ]),
        add(word, 4),
      ]),
      storeWhole(whole(0), i32.shrBits(to.get, whole(2)), layout.found),
    ];
  });
}

/** The code that forgets what sorted questions have been added to, up to the address after the last. */
export function clearCode(
  layout: WalkLayout,
  { stride, vectors }: { stride: number; vectors: number },
): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const locals = namedLocals(local, "i32", ["at", "record", "cell", "row"]);
    const { at, cell, row } = locals;
    const zeros = fourWholes([0, 0, 0, 0]);
    const clear = (address: Code, numbers: number) => storeWhole(address, whole(0), numbers);
    const clearRow = (address: Code, bytes: number, length: number) =>
      Array.from({ length }, (_, i) => store(address, zeros, bytes + 16 * i));
    return [
      whileTrue(i32.below(at.get, end!.get), [
        ...questionCode(layout, locals),
        ...[layout.cellRanks, layout.own, layout.cellNonzeros].map((each) => clear(cell.get, each)),
        clear(
          i32.shl(i32.shrBits(row.get, whole(2 + Math.log2(stride))), whole(2)),
          layout.personNonzeros,
        ),
        row.set(i32.and(row.get, whole(-4 * stride))),
        ...clearRow(row.get, layout.below, vectors),
        at.set(i32.add(at.get, whole(4))),
      ]),
      ...clearRow(whole(0), layout.nonzeros, vectors),
      ...clearRow(whole(0), layout.passed, vectors),
      ...clearRow(whole(0), layout.groupRanks, 2 * vectors),
    ];
  });
}
