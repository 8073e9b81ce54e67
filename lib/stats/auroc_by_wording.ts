/**
 * The AUROC of each wording of a group, and whether they agree: what can be said of wordings where there
 * are too few for an interval over them.
 *
 * @module
 */
import { auroc } from "./auroc.ts";

/**
 * The AUROC of each wording of a group: its questions, against all questions outside of the group.
 *
 * @param values A feature's activations, one a question.
 * @param design Whether each question is in the group, its wording, and what wordings are called.
 * @returns By name, in the order of their numbers; empty if they have no names: they are not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { aurocByWording } from "@coact/coact";
 *
 * const design = { inGroup: [true, true, false], wordings: [0, 1, 0], names: ["When", "Where"] };
 * assert.deepEqual(aurocByWording([3, 1, 2], design), { When: 1, Where: 0 });
 * ```
 */
export function aurocByWording(
  values: readonly number[],
  { inGroup, wordings, names }: {
    inGroup: readonly boolean[];
    wordings: readonly number[];
    names: readonly string[] | null;
  },
): Record<string, number | null> {
  if (names === null) return {};
  const own = [...new Set(wordings.filter((_, i) => inGroup[i]))].sort((a, b) => a - b);
  return Object.fromEntries(own.map((wording) => {
    const kept = [...values.keys()].filter((i) => !inGroup[i] || wordings[i] === wording);
    const found = auroc(kept.map((i) => values[i]!), kept.map((i) => inGroup[i]!));
    return [names[wording]!, found.auroc];
  }));
}

/**
 * Whether all wordings lie on the same side of ½.
 *
 * @returns Null with fewer than two wordings that have an AUROC: nothing is to agree.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { doWordingsAgree } from "@coact/coact";
 *
 * assert.equal(doWordingsAgree({ When: 0.9, Where: 0.6 }), true);
 * assert.equal(doWordingsAgree({ When: 0.9, Where: 0.4 }), false);
 * assert.equal(doWordingsAgree({ When: 0.9 }), null);
 * ```
 */
export function doWordingsAgree(
  byWording: Readonly<Record<string, number | null>>,
): boolean | null {
  const known = Object.values(byWording).filter((each) => each !== null);
  if (known.length < 2) return null;
  return known.every((each) => each > 0.5) || known.every((each) => each < 0.5);
}
