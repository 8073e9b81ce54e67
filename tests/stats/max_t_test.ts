import assert from "node:assert/strict";
import { maxT, permutedGroups } from "../../lib/stats/max_t.ts";
import { blockScores, type PersonBlocks, personBlocks } from "../../lib/stats/person_blocks.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("maxT() over all arrangements is the oracle's to the last one", () => {
  for (const each of statisticsCases("permutation")) {
    if (each.kind !== "enumeration") continue;
    const blocks = personBlocks(each.group, each.person);
    const scores = each.z.map((values: number[]) => blockScores(values, blocks));
    const all = [...arrangements(blocks)];
    assert.equal(all.length, each.arrangements);
    const { squares, reached } = maxT(scores, blocks, all);
    assertClose([...squares], each.z_squared.flat(), { relative: 1e-12 }, each.name);
    assert.deepEqual([...reached], each.count_max.flat(), each.name);
    const sums = (groupOf: Int32Array, feature: number, group: number) =>
      scores[feature].reduce(
        (sum: number, score: number, block: number) => sum + (groupOf[block] === group ? score : 0),
        0,
      );
    each.count_upper.forEach((row: number[], feature: number) =>
      row.forEach((count, group) => {
        const observed = sums(blocks.groupOf, feature, group);
        assert.equal(observed, each.score_doubled[feature][group]);
        const higher = all.filter((groupOf) => sums(groupOf, feature, group) >= observed);
        const lower = all.filter((groupOf) => sums(groupOf, feature, group) <= observed);
        assert.deepEqual([higher.length, lower.length], [count, each.count_lower[feature][group]]);
      })
    );
  }
});

Deno.test("maxT() has equal numbers for equal sums where persons have 1 to 40 blocks", () => {
  // No whole number within floats makes all persons' means whole.
  const sizes = Array.from({ length: 40 }, (_, i) => i + 1);
  const persons = sizes.flatMap((size, person) => new Array<number>(size).fill(person));
  const groups = sizes.flatMap((size) => Array.from({ length: size }, (_, k) => k));
  const blocks = personBlocks(groups, persons);
  const scores = blockScores(groups.map((_, i) => i * 31 % 17 % 2), blocks);
  const squareOf = new Map<string, number>();
  for (const groupOf of permutedGroups(blocks, { permutations: 200, seed: 1 })) {
    const { squares } = maxT([scores], { ...blocks, groupOf: Int32Array.from(groupOf) }, []);
    squares.forEach((square, group) => {
      const sum = scores.reduce((sum, score, i) => sum + (groupOf[i] === group ? score : 0), 0);
      assert.equal(square, squareOf.getOrInsert(`${group} ${sum}`, square));
    });
  }
});

Deno.test("maxT() measures sums of blocks without persons by the variance of drawing none twice", () => {
  const blocks = personBlocks([0, 1, 0, 1, 1]);
  const scores = blockScores([5, 1, 4, 2, 3], blocks);
  const { squares } = maxT([scores], { ...blocks, starts: Int32Array.of(0, 5) }, []);
  // Doubled scores 4 and 2 of −4, −2, 0, 2, 4: 6² / (2 · 3/4 · 8)
  assertClose([...squares], [3, 3], { relative: 1e-15 });
});

Deno.test("permutedGroups() permutes within persons, the same again with the same seed", () => {
  const blocks = personBlocks([0, 1, 2, 0, 2, 1], [0, 0, 0, 1, 1, 2]);
  const draw = (seed: number) =>
    Array.from(permutedGroups(blocks, { permutations: 100, seed }), (groupOf) => groupOf.join(""));
  assert.deepEqual(draw(1), draw(1));
  assert.equal(new Set(draw(1)).size, 12); // 3! · 2! · 1!
  for (const order of draw(1)) assert(/^(?=.*0)(?=.*1)(?=.*2)[012]{3}(02|20)1$/.test(order), order);
});

/** Every order of the groups of each person's blocks. */
function* arrangements({ groupOf, starts }: PersonBlocks, person = 0): Generator<Int32Array> {
  if (person + 1 === starts.length) return yield groupOf.slice();
  const [start, end] = [starts[person]!, starts[person + 1]!];
  const kept = groupOf.slice(start, end);
  for (const order of orders([...kept])) {
    groupOf.set(order, start);
    yield* arrangements({ groupOf, starts } as PersonBlocks, person + 1);
  }
  groupOf.set(kept, start);
}

function orders(numbers: number[]): number[][] {
  if (numbers.length < 2) return [numbers];
  return numbers.flatMap((first, i) =>
    orders(numbers.filter((_, j) => j !== i)).map((rest) => [first, ...rest])
  );
}
