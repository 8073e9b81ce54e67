import assert from "node:assert/strict";
import { blockScores, personBlocks } from "../../lib/stats/person_blocks.ts";
import { maxT, permutedGroups } from "../../lib/stats/max_t.ts";
import { blockSumTail } from "../../lib/stats/rank_sum_tail.ts";
import { SeededRandom } from "../../lib/stats/seeded_random.ts";
import { unequalAsking } from "../../lib/stats/unequal_asking.ts";

/** The blocks of persons with so many questions about each group. */
function blocksOf(counts: readonly (readonly number[])[]) {
  const each = counts.flatMap((own, person) =>
    own.flatMap((count, group) => Array.from({ length: count }, () => ({ person, group })))
  );
  return personBlocks(each.map(({ group }) => group), each.map(({ person }) => person));
}

const times = (count: number, own: readonly number[]) => Array.from({ length: count }, () => own);

Deno.test("persons are counted whose blocks have unequally many questions", () => {
  const known = { among: "blocks of a person", isOneSided: false } as const;
  assert.deepEqual(unequalAsking(blocksOf([[2, 1], [1, 1], [0, 3]])), { ...known, persons: 1 });
  assert.deepEqual(unequalAsking(blocksOf([[1, 1, 2], [2, 0, 1]])), { ...known, persons: 2 });
  assert.equal(unequalAsking(blocksOf([[2, 2], [1, 1], [0, 3]])), undefined);
});

Deno.test("persons who are asked unequally are one-sided if permuted names would seldom give a group so many", () => {
  const isOneSided = (...counts: (readonly number[])[]) => {
    const found = unequalAsking(blocksOf([...times(100, counts[0]!.map(() => 1)), ...counts]));
    return found?.among === "blocks of a person" && found.isOneSided;
  };
  assert.equal(isOneSided(...times(6, [2, 1])), true); // twice ½⁶
  assert.equal(isOneSided(...times(5, [2, 1])), false); // twice ½⁵
  assert.equal(isOneSided(...times(30, [2, 1]), ...times(30, [1, 2])), false);
  assert.equal(isOneSided(...times(40, [2, 1]), ...times(20, [1, 2])), true);
  // It is any of six groups, of which chance makes one or another large.
  assert.equal(isOneSided(...times(4, [2, 1, 1, 1, 1, 1])), true);
  assert.equal(isOneSided(...times(2, [2, 1, 1, 1, 1, 1]), [1, 2, 1, 1, 1, 1]), false);
});

Deno.test("of many groups whose persons have numbers of questions by chance, mostly none stands out", () => {
  const random = new SeededRandom(9);
  const number = () => 1 + Math.floor(random.next() / 2 ** 32 * 3);
  const found = Array.from({ length: 60 }, () => {
    const counts = Array.from(
      { length: 480 },
      (_, person) => Array.from({ length: 24 }, (_, group) => group === person % 24 ? number() : 0),
    );
    return unequalAsking(blocksOf(counts));
  }).filter((each) => each !== undefined);
  assert(found.length <= 8, String(found.length)); // 3 of 60 on average
});

Deno.test("where each person is asked about one group, the groups' mean numbers of questions are compared", () => {
  const among = "persons" as const;
  assert.deepEqual(
    unequalAsking(blocksOf([...times(30, [2, 0]), ...times(30, [0, 1])])),
    { among, questions: [1, 2] },
  );
  assert.deepEqual(
    unequalAsking(
      blocksOf([...times(30, [1, 0, 0]), ...times(30, [0, 1, 0]), ...times(2, [0, 0, 4])]),
    ),
    { among, questions: [1, 4] },
  );
  assert.equal(unequalAsking(blocksOf([...times(30, [2, 0]), ...times(20, [0, 2])])), undefined);
  // A number that draws of persons often make.
  const mixed = [
    ...times(15, [2, 0]),
    ...times(15, [1, 0]),
    ...times(14, [0, 2]),
    ...times(16, [0, 1]),
  ];
  assert.equal(unequalAsking(blocksOf(mixed)), undefined);
});

Deno.test("one group, or no question, is nothing unequal", () => {
  assert.equal(unequalAsking(blocksOf([[2], [1]])), undefined);
  assert.equal(unequalAsking(personBlocks([], [])), undefined);
});

Deno.test("each question a block, nothing is unequal", () => {
  assert.equal(unequalAsking(personBlocks([0, 0, 0, 1])), undefined);
});

Deno.test("a feature that only one person has active has a tiny p if all others have blocks of two and of one", () => {
  const active = (counts: readonly (readonly number[])[]) => {
    const blocks = blocksOf(counts);
    // The first question of the second group, which is the first person's who has it.
    const first = blocks.blockOf.findIndex((block) => blocks.groupOf[block] === 1);
    const values = Array.from({ length: blocks.questionCount }, (_, i) => Number(i === first));
    return blockSumTail(values, blocks, 1)!.log10P;
  };
  assert.equal(active(times(40, [1, 1])), 0); // twice ½
  assert(active(times(40, [2, 1])) < -10);
  assert(active([...times(40, [2, 0]), ...times(40, [0, 2])]) > -1e-9);
  assert(active([...times(40, [2, 0]), ...times(40, [0, 1])]) < -10);
});

Deno.test("a feature that is silent wherever names are permuted lies beyond all permuted labels if blocks are unequal", () => {
  const beyond = (counts: readonly (readonly number[])[]) => {
    const blocks = blocksOf(counts);
    // Active for thirty persons, who are asked about the first group alone.
    const values = Array.from(
      { length: blocks.questionCount },
      (_, i) => Number(blocks.blockOf[i]! >= blocks.groupOf.length - 30),
    );
    const arrangements = permutedGroups(blocks, { permutations: 199, seed: 1 });
    return maxT([blockScores(values, blocks)], blocks, arrangements);
  };
  const alone = times(100, [2, 0]);
  const unequal = beyond([...times(40, [2, 1]), ...alone]);
  assert(Math.abs(unequal.squares[1]! - 40) < 1e-9); // √40 standard deviations
  assert.equal(unequal.reached[1], 0);
  assert.deepEqual([...beyond([...times(40, [1, 1]), ...alone]).squares], [0, 0]);
});
