import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { mapInOrder } from "../../lib/base/map_in_order.ts";

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(source);
}

Deno.test("mapInOrder() gives the results in the order of the items, whichever is done first", async () => {
  const results = mapInOrder([30, 1, 20, 2], 3, async (ms) => (await delay(ms), ms));
  assert.deepEqual(await all(results), [30, 1, 20, 2]);
});

Deno.test("mapInOrder() works on no more items at a time than it may", async () => {
  let active = 0;
  let most = 0;
  await all(mapInOrder([1, 2, 3, 4, 5, 6], 2, async () => {
    most = Math.max(most, ++active);
    await delay(1);
    active--;
  }));
  assert.equal(most, 2);
});

Deno.test("mapInOrder() works while its source makes the next item", async () => {
  const events: string[] = [];
  async function* source() {
    for (const item of [1, 2]) {
      events.push(`making ${item}`);
      await delay(5);
      yield item;
    }
  }
  await all(mapInOrder(source(), 2, async (item) => {
    events.push(`working on ${item}`);
    await delay(20);
    events.push(`done with ${item}`);
  }));
  assert.deepEqual(events, [
    "making 1",
    "working on 1",
    "making 2",
    "working on 2",
    "done with 1",
    "done with 2",
  ]);
});

Deno.test("mapInOrder() throws what the work throws, once all that was begun has ended", async () => {
  let ended = 0;
  const results = mapInOrder([1, 2, 3, 4], 2, async (item) => {
    await delay(item === 1 ? 1 : 10);
    ended++;
    if (item === 1) throw new Error("full disk");
  });
  await assert.rejects(all(results), /full disk/);
  assert.equal(ended, 2);
});

Deno.test("mapInOrder() throws what its source throws", async () => {
  async function* source() {
    yield 1;
    await delay(1);
    throw new Error("no more");
  }
  let ended = false;
  const results = mapInOrder(source(), 2, async () => {
    await delay(5);
    ended = true;
  });
  await assert.rejects(all(results), /no more/);
  assert(ended);
});

Deno.test("mapInOrder() lets its source make one more item while all the others are in work", async () => {
  const events: string[] = [];
  async function* source() {
    for (const item of [1, 2, 3]) {
      events.push(`making ${item}`);
      yield item;
      await delay(1);
    }
  }
  await all(mapInOrder(source(), 2, async (item) => {
    events.push(`working on ${item}`);
    await delay(30);
  }));
  assert.deepEqual(events.slice(0, 5), [
    "making 1",
    "working on 1",
    "making 2",
    "working on 2",
    "making 3", // and it waits
  ]);
});

Deno.test("mapInOrder() begins no work once some has failed", async () => {
  const begun: number[] = [];
  async function* source() {
    for (const item of [1, 2, 3, 4]) {
      yield item;
      await delay(20);
    }
  }
  const results = mapInOrder(source(), 3, async (item) => {
    begun.push(item);
    await delay(1);
    throw new Error(`full disk at ${item}`);
  });
  await assert.rejects(all(results), /full disk at 1/);
  assert.deepEqual(begun, [1]);
});

Deno.test("mapInOrder() throws what failed first, whatever comes first", async () => {
  const results = mapInOrder([1, 2], 2, async (item) => {
    await delay(item === 1 ? 30 : 1);
    throw new Error(`full disk at ${item}`);
  });
  await assert.rejects(all(results), /full disk at 2/);
});
