import assert from "node:assert/strict";
import { SeededRandom } from "../../lib/stats/seeded_random.ts";

Deno.test("SeededRandom gives the same numbers again, and others with another seed", () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 4 }, () => random.next());
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.equal(new Set([...draw(0), ...draw(1)]).size, 8); // a seed of 0 is no trap
});

Deno.test("SeededRandom draws each number below an end as often", () => {
  const random = new SeededRandom(5);
  const counts = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) counts[random.below(3)]!++;
  for (const count of counts) assert(Math.abs(count - 10_000) < 5 * Math.sqrt(10_000 * 2 / 3));
});

Deno.test("SeededRandom shuffles within bounds, each order as often", () => {
  const random = new SeededRandom(7);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const numbers = Int32Array.of(9, 0, 1, 2, 9);
    random.shuffle(numbers, 1, 4);
    const order = numbers.join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  assert.equal(seen.size, 6);
  for (const [order, count] of seen) {
    assert(/^9[012]{3}9$/.test(order) && Math.abs(count - 1000) < 150, `${order} ${count}`);
  }
});
