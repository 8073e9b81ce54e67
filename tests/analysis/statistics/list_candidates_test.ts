import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { ListCandidates } from "../../../lib/analysis/statistics/list_candidates.ts";

/** So many features of four questions: each has its mean, and varies by so much. */
function columnsOf(means: readonly number[], spread: number) {
  const values = Float32Array.from(
    means.flatMap((mean) => [mean, mean + spread, mean, mean - spread]),
  );
  return { count: means.length, questions: 4, values };
}

function keptOf(pieces: readonly (readonly number[])[], { spread = 0, freeCount = 1e6 } = {}) {
  const candidates = new ListCandidates({ freeCount, length: 2, questions: 4, fewest: 2 });
  let first = 0;
  for (const means of pieces) {
    const deviation = spread * Math.sqrt(2 / 3);
    candidates.see(
      { first, ...columnsOf(means, spread) },
      (i) => ({ mean: means[i]!, deviation, greatest: means[i]! + spread, silent: 0 }),
    );
    first += means.length;
  }
  return candidates.finish();
}

Deno.test("features that cannot come onto a list are dropped, whatever the pieces", () => {
  assert.deepEqual(keptOf([[1, 5, 3, 4, 2]]).features, [1, 3]);
  assert.deepEqual(keptOf([[1, 5], [3], [4, 2]]).features, [1, 3]);
  // With a spread, the mean of a group may lie higher.
  assert.deepEqual(keptOf([[1, 5, 3, 4, 2]], { spread: 0.5 }).features, [1, 2, 3]);
});

Deno.test("slots and features of which nothing is above 0 are on no list", () => {
  assert.deepEqual(keptOf([[1, 2, 9, 9]], { freeCount: 2 }).features, [0, 1]);
  assert.deepEqual(keptOf([[-1, 0, 1]]).features, [2]);
});

Deno.test("the activations are those of the features, in their order", () => {
  const { activations, isTooMany } = keptOf([[1, 5, 3, 4, 2]]);
  assert.deepEqual(activations, Float32Array.of(5, 5, 5, 5, 4, 4, 4, 4));
  assert.equal(isTooMany, false);
});

Deno.test("where too many can be on a list, none is kept: a part would make lists seem more alike", () => {
  const many = Array<number>(2000).fill(1);
  assert.deepEqual(keptOf([many]), {
    features: [],
    activations: new Float32Array(0),
    isTooMany: true,
  });
  // What was dropped does no harm where others come that are far above.
  assert.deepEqual(keptOf([many, many, [7, 8]]).features, [4000, 4001]);
});

Deno.test("one that is dropped at once counts, too: there are too many then", () => {
  const candidates = new ListCandidates({ freeCount: 1025, length: 2, questions: 4, fewest: 1 });
  const see = (first: number, count: number, mean: number, reach: number) =>
    candidates.see(
      { first, count, questions: 4, values: new Float32Array(4 * count) },
      () => ({ mean, deviation: reach / 3.5, greatest: mean + reach, silent: 0 }),
    );
  see(0, 1024, 1, 9);
  see(1024, 1, 0.5, 4.5);
  assert.equal(candidates.finish().isTooMany, true);
});

Deno.test("they are those that reach as high as a list goes, however many come and go, or none", () => {
  const [count, piece, questions, fewest, room] = [6000, 250, 4, 2, 1024];
  const random = new SeededRandom(1);
  for (const spread of [0.05, 0.2, 0.35, 0.5]) {
    const means = Array.from({ length: count }, () => random.next() / 2 ** 32);
    const deviations = means.map(() => spread * random.next() / 2 ** 32);
    const candidates = new ListCandidates({ freeCount: count, length: 100, questions, fewest });
    for (let first = 0; first < count; first += piece) {
      const values = new Float32Array(piece * questions).map((_, i) => first + i / questions);
      candidates.see({ first, count: piece, questions, values }, (i) => {
        const [mean, deviation] = [means[first + i]!, deviations[first + i]!];
        return { mean, deviation, greatest: mean + deviation, silent: 0 };
      });
    }
    const border = means.toSorted((a, b) => b - a)[99]!;
    const all = [...means.keys()]
      .filter((i) => means[i]! + 3.5 * deviations[i]! / Math.sqrt(fewest) >= border);
    const found = candidates.finish();
    assert.equal(found.isTooMany, all.length > room, `${all.length} of spread ${spread}`);
    assert.deepEqual(found.features, found.isTooMany ? [] : all);
    const firsts = found.features.map((_, i) => found.activations[i * questions]);
    assert.deepEqual(firsts, found.features);
  }
});

Deno.test("a rare feature is kept if a small group may have all of it, and holds no place on a list", () => {
  const see = (candidates: ListCandidates, means: readonly number[], rare: number, of = 100) => {
    const questions = 4;
    const count = means.length + 1;
    candidates.see(
      { first: 0, count, questions, values: new Float32Array(count * questions) },
      (i) =>
        i < means.length ? { mean: means[i]!, deviation: 0, greatest: means[i]!, silent: 0 } : {
          mean: rare / of,
          deviation: rare / Math.sqrt(of),
          greatest: rare,
          silent: 1 - 1 / of,
        },
    );
    return candidates.finish().features;
  };
  const of = (fewest: number) =>
    new ListCandidates({ freeCount: 9, length: 2, questions: 4, fewest });
  // One question of a hundred has it, at 5.5: in a group of five that is a mean of 1.1.
  assert.deepEqual(see(of(5), [1, 1], 5.5), [0, 1, 2]);
  assert.deepEqual(see(of(50), [1, 1], 5.5), [0, 1]);
  // The third in the mean is on the list of each group without the rare one.
  assert.deepEqual(see(of(5), [1, 0.5], 200), [0, 1, 2]);
  assert.deepEqual(see(of(2000), [1, 0.5], 200), [0, 2]);
});
