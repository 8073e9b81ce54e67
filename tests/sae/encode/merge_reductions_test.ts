import assert from "node:assert/strict";
import { addReductions } from "../../../lib/sae/encode/merge_reductions.ts";
import { tileQuestions } from "../../../lib/sae/encode/question_tiles.ts";
import {
  addTile,
  emptyReductions,
  EXTRA_REDUCTIONS,
  NO_QUESTION,
  type Reduction,
  type Reductions,
} from "../../../lib/sae/encode/reductions.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

type Found = Partial<Record<Reduction, readonly number[]>>;

/** What a device finds, given as lists. */
function found(values: Found): (name: Reduction) => Float32Array | undefined {
  return (name) => values[name] && Float32Array.from(values[name]);
}

const NOTHING: Found = { sums: [0], maxima: [0], counts: [0] };

const QUESTIONS = { groupSizes: [5, 7], segments: [0, 1] };
const FEATURES = 4;
const TILE = 2;

/** What a device finds for a run of features: numbers of every magnitude, so that sums are rounded. */
function reduce(
  into: Reductions,
  tiles: ReturnType<typeof tileQuestions>,
  { first, count }: { first: number; count: number },
  shift: { segment: number; question: number } = { segment: 0, question: 0 },
): void {
  for (const { segment, first: question, count: size } of tiles) {
    const z = Array.from(
      { length: size },
      (_, i) =>
        randomNumbers(FEATURES, 31 + question + i).map((x, f) =>
          x * 10 ** ((f + question) * 4 - 20)
        ),
    );
    const column = (f: number) => z.map((row) => row[first + f]!);
    const all = (of: (column: number[]) => number) =>
      Array.from({ length: count }, (_, f) => of(column(f)));
    const sum = (values: number[]) => values.reduce((a, b) => Math.fround(a + b), 0);
    const [most, least] = [(c: number[]) => Math.max(...c), (c: number[]) => Math.min(...c)];
    addTile(
      into,
      { segment: segment - shift.segment, first: question - shift.question, firstFeature: 0 },
      found({
        sums: all(sum),
        squares: all((c) => sum(c.map((x) => x * x))),
        counts: all((c) => c.filter((x) => x > 0).length),
        maxima: all(most),
        minima: all(least),
        maximaAt: all((c) => c.indexOf(most(c))),
        minimaAt: all((c) => c.indexOf(least(c))),
      }),
    );
  }
}

Deno.test("addReductions() gives the same bytes, however questions and features were divided", () => {
  const tiles = tileQuestions(QUESTIONS, TILE);
  const whole = emptyReductions(QUESTIONS, FEATURES, EXTRA_REDUCTIONS);
  reduce(whole, tiles, { first: 0, count: FEATURES });
  assert(whole.rests.sums.size > 0, "float64 alone does not hold these sums");
  // Questions 0 to 3, 4 to 8, and the others; each in two runs of features; the last part first.
  const cuts = [[0, 4, [4], 0], [4, 9, [1, 4], 0], [9, 12, [3], 1]] as const;
  const merged = emptyReductions(QUESTIONS, FEATURES, EXTRA_REDUCTIONS);
  for (const [from, to, groupSizes, firstSegment] of [...cuts].reverse()) {
    const own = tiles.filter(({ first }) => first >= from && first < to);
    for (const range of [{ first: 3, count: 1 }, { first: 0, count: 3 }]) {
      const part = emptyReductions({ groupSizes }, range.count, EXTRA_REDUCTIONS);
      reduce(part, own, range, { segment: firstSegment, question: from });
      addReductions(merged, part, {
        firstSegment,
        firstFeature: range.first,
        firstQuestion: from,
      });
    }
  }
  assert.deepEqual({ ...merged, rests: 0 }, { ...whole, rests: 0 });
  for (const name of ["sums", "squares"] as const) {
    const sorted = (all: Reductions) => [...all.rests[name]].sort(([a], [b]) => a - b);
    assert.deepEqual(sorted(merged), sorted(whole));
  }
});

Deno.test("addReductions() keeps the first of equal extremes, whichever part comes first", () => {
  const parts = [0, 1].map((at) => {
    const part = emptyReductions({ groupSizes: [2] }, 1, ["maximaAt"]);
    const place = { segment: 0, first: 0, firstFeature: 0 };
    addTile(part, place, found({ ...NOTHING, maxima: [3], maximaAt: [at] }));
    return part;
  });
  for (const order of [[0, 1], [1, 0]]) {
    const whole = emptyReductions({ groupSizes: [4] }, 1, ["maximaAt"]);
    assert.equal(whole.maximaAt![0], NO_QUESTION);
    for (const part of order) addReductions(whole, parts[part]!, { firstQuestion: 2 * part });
    assert.equal(whole.maximaAt![0], 0);
  }
});

Deno.test("addReductions() refuses parts that do not fit", () => {
  const whole = emptyReductions({ groupSizes: [2] }, 2, ["squares"]);
  const part = emptyReductions({ groupSizes: [2] }, 1, ["squares"]);
  assert.throws(() => addReductions(whole, part, { firstFeature: 2 }), RangeError);
  assert.throws(() => addReductions(whole, part, { firstSegment: 1 }), RangeError);
  const without = emptyReductions({ groupSizes: [2] }, 2);
  assert.throws(() => addReductions(whole, without), /without squares/);
});
