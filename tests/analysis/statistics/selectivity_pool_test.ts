import assert from "node:assert/strict";
import { SelectivityPool } from "../../../lib/analysis/statistics/selectivity_pool.ts";

/** A pool of which no thread is started. */
function pool(): SelectivityPool {
  return new SelectivityPool({
    groups: Int32Array.of(0, 1),
    groupCount: 2,
    persons: undefined,
    wordings: undefined,
    isChoosing: Uint8Array.of(1, 0),
    threshold: 0,
  });
}

Deno.test("SelectivityPool gives room that came back again, if it is as large", () => {
  using threads = pool();
  const room = threads.room(6);
  threads.giveBack(room);
  assert.notEqual(threads.room(5), room);
  assert.equal(threads.room(6), room);
  assert.notEqual(threads.room(6), room, "once");
});

Deno.test("SelectivityPool keeps room of this SAE, and not of those before that had other sizes", () => {
  using threads = pool();
  for (let size = 100; size < 200; size++) threads.giveBack(new Float32Array(size));
  const room = threads.room(6);
  threads.giveBack(room);
  assert.equal(threads.room(6), room);
});
