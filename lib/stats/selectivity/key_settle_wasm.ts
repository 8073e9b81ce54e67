/**
 * Puts those activations in order whose leading bits are equal, after a sort by these, in WebAssembly.
 *
 * @module
 */
import { type Code, FunctionCode, type Local, namedLocals } from "../../wasm/assembler.ts";
import { i32, ifTrue, loadWhole, storeWhole, whileTrue, whole } from "../../wasm/instructions.ts";
import { i32x4, isAny, load, shared, store, wholes } from "../../wasm/vectors.ts";
import type { LeadLayout } from "./key_lead_wasm.ts";

/** Where it reads and writes, in bytes. */
export interface SettleLayout extends LeadLayout {
  /** Numbers that the caller reads. */
  readonly read: number;
}

const step = (by: number) => whole(4 * by);
const isNone = (vector: Code) => i32.equal(isAny(vector), whole(0));

/**
 * The code: from the address after the last lead, and after how many steps it is to give up. It writes whether all
 * is in order, 1 or 0, and whether two keys are equal; and the leads' places into `otherLeads`.
 *
 * @param bits How many bits of a lead are those of the key.
 */
export function settleCode(
  { keys, leads, otherLeads, read }: SettleLayout,
  bits: number,
): FunctionCode {
  const placeBits = whole(32 - bits);
  const placeMask = whole(2 ** (32 - bits) - 1);
  return new FunctionCode(["i32", "i32"], (parameters, local) => {
    const [end, mostSteps] = parameters as [Local, Local];
    const { at, to, lead, before, key, keyBefore, isMoved, hasTies } = namedLocals(local, "i32", [
      ...["at", "to", "lead", "before", "key", "keyBefore", "isMoved", "hasTies"] as const,
    ]);
    const add = (address: Local, by: number) => address.set(i32.add(address.get, step(by)));
    const keyOf = (lead: Local) => loadWhole(i32.shl(i32.and(lead.get, placeMask), whole(2)), keys);
    const seemEqual = i32.equal(i32.shrBits(i32.xor(lead.get, before.get), placeBits), whole(0));
    const fourAt = (address: Code) => i32x4.shrBits(load(address, leads), placeBits);
    const insert = [
      key.set(keyOf(lead)),
      to.set(at.get),
      isMoved.set(whole(1)),
      whileTrue(isMoved.get, [
        isMoved.set(whole(0)),
        ifTrue(to.get, [
          before.set(loadWhole(i32.sub(to.get, step(1)), leads)),
          ifTrue(seemEqual, [
            keyBefore.set(keyOf(before)),
            hasTies.set(i32.or(hasTies.get, i32.equal(key.get, keyBefore.get))),
            ifTrue(i32.less(key.get, keyBefore.get), [
              storeWhole(to.get, before.get, leads),
              add(to, -1),
              isMoved.set(whole(1)),
            ]),
          ]),
        ]),
      ]),
      storeWhole(to.get, lead.get, leads),
      mostSteps.set(i32.sub(mostSteps.get, i32.shrBits(i32.sub(at.get, to.get), whole(2)))),
    ];
    return [
      at.set(step(1)),
      // It gives up by going no farther.
      whileTrue(i32.and(i32.less(whole(-1), mostSteps.get), i32.less(at.get, end.get)), [
        // Mostly four neighbours are told apart.
        whileTrue(
          i32.and(
            i32.less(i32.add(at.get, step(3)), end.get),
            isNone(i32x4.equal(fourAt(at.get), fourAt(i32.sub(at.get, step(1))))),
          ),
          [add(at, 4)],
        ),
        ifTrue(i32.less(at.get, end.get), [
          lead.set(loadWhole(at.get, leads)),
          before.set(loadWhole(i32.sub(at.get, step(1)), leads)),
          ifTrue(seemEqual, insert),
        ]),
        add(at, 1),
      ]),
      storeWhole(whole(0), i32.less(whole(-1), mostSteps.get), read),
      storeWhole(whole(4), hasTies.get, read),
      at.set(whole(0)),
      whileTrue(i32.below(at.get, end.get), [
        store(at.get, shared(load(at.get, leads), wholes(placeMask)), otherLeads),
        add(at, 4),
      ]),
    ];
  });
}

/**
 * The code that lists ties: from the address after the last lead, the places of those whose key is that of the one
 * before, as many as there is room for. It writes how many there are.
 *
 * @param to Where they go, and how many there is room for.
 */
export function listTiesCode(
  { keys, leads, read }: SettleLayout,
  bits: number,
  { ties, most }: { ties: number; most: number },
): FunctionCode {
  const placeBits = whole(32 - bits);
  const placeMask = whole(2 ** (32 - bits) - 1);
  return new FunctionCode(["i32"], (parameters, local) => {
    const [end] = parameters as [Local];
    const { at, to } = namedLocals(local, "i32", ["at", "to"]);
    const add = (address: Local, by: number) => address.set(i32.add(address.get, step(by)));
    const fourAt = (address: Code) => i32x4.shrBits(load(address, leads), placeBits);
    const before = i32.sub(at.get, step(1));
    const keyAt = (address: Code) =>
      loadWhole(i32.shl(i32.and(loadWhole(address, leads), placeMask), whole(2)), keys);
    return [
      at.set(step(1)),
      whileTrue(i32.and(i32.less(at.get, end.get), i32.less(to.get, step(most))), [
        whileTrue(
          i32.and(
            i32.less(i32.add(at.get, step(3)), end.get),
            isNone(i32x4.equal(fourAt(at.get), fourAt(before))),
          ),
          [add(at, 4)],
        ),
        ifTrue(i32.less(at.get, end.get), [
          ifTrue(i32.equal(keyAt(at.get), keyAt(before)), [
            storeWhole(to.get, i32.shrBits(at.get, whole(2)), ties),
            add(to, 1),
          ]),
        ]),
        add(at, 1),
      ]),
      storeWhole(whole(0), i32.shrBits(to.get, whole(2)), read),
    ];
  });
}

/**
 * The code that puts what stands at the keys' places into the order of the leads, up to the address after the last
 * lead.
 */
export function fetchCode(
  { leads }: LeadLayout,
  bits: number,
  from: number,
  to: number,
): FunctionCode {
  return new FunctionCode(["i32"], ([end], local) => {
    const [at, place] = [local("i32"), local("i32")];
    return [
      whileTrue(i32.below(at.get, end!.get), [
        place.set(i32.and(loadWhole(at.get, leads), whole(2 ** (32 - bits) - 1))),
        storeWhole(at.get, loadWhole(i32.shl(place.get, whole(2)), from), to),
        at.set(i32.add(at.get, step(1))),
      ]),
    ];
  });
}
