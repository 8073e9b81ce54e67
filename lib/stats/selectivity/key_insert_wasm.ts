/**
 * Sorts keys by insertion in WebAssembly, and looks for equal ones.
 *
 * @module
 */
import { type Code, FunctionCode, namedLocals } from "../../wasm/assembler.ts";
import { i32, ifTrue, loadWhole, storeWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import { either, i32x4, isAny, load } from "../../wasm/vectors.ts";

/** Where it reads and writes, in bytes. */
export interface InsertLayout {
  /** The questions whose activation is not 0. */
  readonly questions: number;
  /** Their keys. */
  readonly keys: number;
  /** Numbers that the caller reads. */
  readonly read: number;
}

const step = (by: number) => whole(4 * by);
const isNone = (vector: Code) => i32.equal(isAny(vector), whole(0));

/** The code that sorts by insertion, up to the address after the last key. */
export function insertCode({ keys, questions }: InsertLayout): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const { at, to, key, question, before } = namedLocals(local, "i32", [
      ...["at", "to", "key", "question", "before"] as const,
    ]);
    // The key before the place; below all at the beginning, where nothing is read.
    const readBefore = [
      before.set(whole(-0x80000000)),
      ifTrue(to.get, [before.set(loadWhole(i32.sub(to.get, step(1)), keys))]),
    ];
    return [
      at.set(step(1)),
      whileTrue(i32.less(at.get, end!.get), [
        // Mostly four neighbours are in order.
        whileTrue(
          i32.and(
            i32.less(i32.add(at.get, step(3)), end!.get),
            isNone(i32x4.less(load(at.get, keys), load(i32.sub(at.get, step(1)), keys))),
          ),
          [at.set(i32.add(at.get, step(4)))],
        ),
        key.set(loadWhole(at.get, keys)),
        ifTrue(
          i32.and(
            i32.less(at.get, end!.get),
            i32.less(key.get, loadWhole(i32.sub(at.get, step(1)), keys)),
          ),
          [
            question.set(loadWhole(at.get, questions)),
            to.set(at.get),
            ...readBefore,
            whileTrue(i32.less(key.get, before.get), [
              storeWhole(to.get, before.get, keys),
              storeWhole(to.get, loadWhole(i32.sub(to.get, step(1)), questions), questions),
              to.set(i32.sub(to.get, step(1))),
              ...readBefore,
            ]),
            storeWhole(to.get, key.get, keys),
            storeWhole(to.get, question.get, questions),
          ],
        ),
        at.set(i32.add(at.get, step(1))),
      ]),
    ];
  });
}

/** The code that writes whether a key is that of its neighbour, 1 or 0, up to the address after the last key. */
export function findTiesCode({ keys, read }: InsertLayout): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const [at, found, same] = [local("i32"), local("i32"), local("v128")];
    return [
      at.set(step(1)),
      whileTrue(i32.less(i32.add(at.get, step(3)), end!.get), [
        same.set(
          either(same.get, i32x4.equal(load(at.get, keys), load(i32.sub(at.get, step(1)), keys))),
        ),
        at.set(i32.add(at.get, step(4))),
      ]),
      found.set(isAny(same.get)),
      whileTrue(i32.less(at.get, end!.get), [
        found.set(i32.or(
          found.get,
          i32.equal(loadWhole(at.get, keys), loadWhole(i32.sub(at.get, step(1)), keys)),
        )),
        at.set(i32.add(at.get, step(1))),
      ]),
      storeWhole(whole(0), found.get, read),
    ];
  });
}
