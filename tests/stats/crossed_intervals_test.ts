import assert from "node:assert/strict";
import { crossedIntervals } from "../../lib/stats/crossed_intervals.ts";
import { SeededRandom } from "../../lib/stats/seeded_random.ts";

const [PERSONS, GROUPS, WORDINGS, DRAWS] = [40, 6, 10, 1000];

Deno.test("of ten wordings in the group and fifty outside, the interval of the difference holds the truth", () => {
  const random = new SeededRandom(5);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const at = Array.from({ length: PERSONS * GROUPS }, (_, i) => i);
  const persons = at.map((i) => Math.floor(i / GROUPS));
  const inGroup = at.map((i) => i % GROUPS === 0);
  const wordings = at.map((i) => {
    const [person, group] = [persons[i]!, i % GROUPS];
    return group * WORDINGS + (7 * person + 3 * group + Math.floor(person / 10) * group) % WORDINGS;
  });
  let held = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const ofWording = Array.from({ length: GROUPS * WORDINGS }, () => 0.3 * normal());
    const ofPerson = Array.from({ length: PERSONS }, () => 0.5 * normal());
    const values = at.map((i) => ofPerson[persons[i]!]! + ofWording[wordings[i]!]! + normal());
    const [low, high] = crossedIntervals(values, { inGroup, persons, wordings })!.difference!;
    if (low <= 0 && 0 <= high) held++;
  }
  // With Student's t of the forty persons it holds in 92.6 %, with that of the ten wordings in 95.1 %.
  assert(held / DRAWS > 0.94, `${held} of ${DRAWS}`);
});

Deno.test("where all persons answer alike, a difference has no interval over persons and wordings", () => {
  const at = Array.from({ length: PERSONS * GROUPS }, (_, i) => i);
  const inGroup = at.map((i) => i % GROUPS === 0);
  const found = crossedIntervals(inGroup.map((isIn) => isIn ? 3.4 : 0.1), {
    inGroup,
    persons: at.map((i) => Math.floor(i / GROUPS)),
    wordings: at.map((i) => i % GROUPS * WORDINGS + Math.floor(i / GROUPS) % WORDINGS),
  });
  assert.equal(found?.difference, null);
});
