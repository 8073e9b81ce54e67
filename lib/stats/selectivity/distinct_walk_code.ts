/**
 * The WebAssembly code that goes through the sorted questions of a column whose activations are all different,
 * and none of which is 0.
 *
 * @module
 */
import { type Code, FunctionCode, namedLocals } from "../../wasm/assembler.ts";
import {
  either,
  fourWholes,
  i16x8,
  i32,
  load,
  loadShort,
  loadWhole,
  shared,
  store,
  storeShort,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import type { SelectivityDesign } from "./design.ts";
import { type DistinctLayout, PERSON, ROWS } from "./distinct_layout.ts";

/** How many questions are gone through before the loop asks whether there are more. */
const STEP = 4;

/** The code that passes all questions. */
export function distinctWalkCode(
  { questions, known, units, persons }: DistinctLayout,
  { questionCount, personCount }: SelectivityDesign,
): FunctionCode {
  return new FunctionCode([], (_, local) => {
    const { at, of, group, person, cell, rank, choosing } = namedLocals(local, "i32", [
      ...["at", "of", "group", "person", "cell", "rank", "choosing"] as const,
    ]);
    const { passed, unit } = namedLocals(local, "v128", ["passed", "unit"]);
    const [below, own] = [persons + ROWS.below, persons + ROWS.own];
    const zero = fourWholes([0, 0, 0, 0]);
    const pass = (offset: number): Code[] => [
      of.set(loadShort(i32.shl(loadWhole(at.get, questions + offset), whole(1)), known)),
      group.set(i32.and(of.get, whole(14))),
      person.set(i32.shl(i32.and(of.get, whole(0xfff0)), whole(2))),
      cell.set(i32.add(person.get, group.get)),
      storeShort(cell.get, rank.get, persons + ROWS.rank),
      rank.set(i32.add(rank.get, whole(2))),
      storeShort(cell.get, choosing.get, persons + ROWS.choosing),
      choosing.set(i32.add(choosing.get, i32.shl(i32.and(of.get, whole(1)), whole(1)))),
      // The question is passed in two turns: it counts 1 itself, and then 2. A unit is −1.
      unit.set(load(i32.shl(group.get, whole(3)), units)),
      passed.set(i16x8.sub(passed.get, unit.get)),
      store(person.get, i16x8.add(load(person.get, below), passed.get), below),
      store(person.get, either(load(person.get, own), shared(passed.get, unit.get)), own),
      passed.set(i16x8.sub(passed.get, unit.get)),
    ];
    const last = questionCount - questionCount % STEP;
    return [
      whileTrue(i32.below(at.get, whole(PERSON * personCount)), [
        store(at.get, zero, below),
        store(at.get, zero, own),
        at.set(i32.add(at.get, whole(PERSON))),
      ]),
      at.set(whole(0)),
      rank.set(whole(2)),
      choosing.set(whole(2)),
      whileTrue(i32.below(at.get, whole(4 * last)), [
        ...Array.from({ length: STEP }, (_, i) => pass(4 * i)).flat(),
        at.set(i32.add(at.get, whole(4 * STEP))),
      ]),
      ...Array.from({ length: questionCount - last }, (_, i) => pass(4 * i)).flat(),
    ];
  });
}
