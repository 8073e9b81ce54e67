import assert from "node:assert/strict";
import { assignApart } from "../../lib/stats/assigned_apart.ts";

const of = (group: number, feature: number, auroc: number) => ({ group, feature, auroc });

Deno.test("no feature stands for two groups, the best pair comes first, and a group may have none", () => {
  const found = assignApart([of(0, 1, 0.8), of(0, 2, 0.7), of(1, 1, 0.9), of(2, 1, 0.6)]);
  assert.deepEqual([...found].sort(), [[0, 2], [1, 1]]);
});

Deno.test("of equal pairs the lower group and the lower feature come first", () => {
  const found = assignApart([of(1, 4, 0.8), of(0, 4, 0.8), of(0, 3, 0.8), of(1, 5, 0.6)]);
  assert.deepEqual([...found].sort(), [[0, 3], [1, 4]]);
});
