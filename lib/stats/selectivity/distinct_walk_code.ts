/**
 * The WebAssembly code that goes through the sorted questions of a column, those at 0 left out, whose activations are
 * all different.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import {
  i32,
  loadShort,
  loadWhole,
  storeShort,
  storeWhole,
  whileTrue,
  whole,
} from "../../wasm/instructions.ts";
import { either, fourWholes, i16x8, load, shared, store } from "../../wasm/vectors.ts";
import type { SelectivityDesign } from "./design.ts";
import { type DistinctLayout, PERSON, ROWS } from "./distinct_layout.ts";

/** How many questions are gone through before the loop asks whether there are more. */
const STEP = 4;

/** The code that forgets what the walk has left with persons. */
export function distinctClearCode(
  { persons, passed, choosing }: DistinctLayout,
  { personCount }: SelectivityDesign,
): FunctionCode {
  return new FunctionCode([], (_, local) => {
    const at = local("i32");
    const zero = fourWholes([0, 0, 0, 0]);
    return [
      whileTrue(i32.below(at.get, whole(PERSON * personCount)), [
        store(at.get, zero, persons + ROWS.below),
        store(at.get, zero, persons + ROWS.own),
        at.set(i32.add(at.get, whole(PERSON))),
      ]),
      store(whole(0), zero, passed),
      storeWhole(whole(0), whole(0), choosing),
    ];
  });
}

/** The code that counts questions by group, up to an address. */
export function distinctCountCode(layout: DistinctLayout): FunctionCode {
  const { questions, known, units, counted, countedChoosing } = layout;
  return new FunctionCode(["i32"], ([end], local) => {
    const { at, of, choosing } = namedLocals(local, "i32", ["at", "of", "choosing"]);
    const groups = local("v128");
    return [
      whileTrue(i32.less(at.get, end!.get), [
        of.set(loadShort(i32.shl(loadWhole(at.get, questions), whole(1)), known)),
        choosing.set(i32.add(choosing.get, i32.shl(i32.and(of.get, whole(1)), whole(1)))),
        // A unit is −1.
        groups.set(
          i16x8.sub(groups.get, load(i32.shl(i32.and(of.get, whole(14)), whole(3)), units)),
        ),
        at.set(i32.add(at.get, whole(4))),
      ]),
      store(whole(0), groups.get, counted),
      storeWhole(whole(0), choosing.get, countedChoosing),
    ];
  });
}

/**
 * The code that passes questions whose activations are all different: from the address of the first one, that after
 * the last, and twice the rank of the first; all before are passed.
 */
export function distinctWalkCode(
  layout: DistinctLayout,
): FunctionCode {
  const { questions, known, units, persons } = layout;
  return new FunctionCode(["i32", "i32", "i32"], (parameters, local) => {
    const [at, end, rank] = parameters as [Local, Local, Local];
    const { of, group, person, cell, choosing } = namedLocals(local, "i32", [
      ...["of", "group", "person", "cell", "choosing"] as const,
    ]);
    const { passed, unit } = namedLocals(local, "v128", ["passed", "unit"]);
    const [below, own] = [persons + ROWS.below, persons + ROWS.own];
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
    const add = (by: number) => at.set(i32.add(at.get, whole(4 * by)));
    return [
      choosing.set(i32.add(loadWhole(whole(0), layout.choosing), whole(2))),
      passed.set(load(whole(0), layout.passed)),
      whileTrue(i32.less(i32.add(at.get, whole(4 * (STEP - 1))), end.get), [
        ...Array.from({ length: STEP }, (_, i) => pass(4 * i)).flat(),
        add(STEP),
      ]),
      whileTrue(i32.less(at.get, end.get), [...pass(0), add(1)]),
      storeWhole(whole(0), i32.sub(choosing.get, whole(2)), layout.choosing),
      store(whole(0), passed.get, layout.passed),
    ];
  });
}
