import assert from "node:assert/strict";
import { watchWork, type WorkSpan } from "../../lib/base/work_log.ts";
import { WorkerPool } from "../../lib/compute/worker_pool.ts";
import type { Asked } from "../support/pool_worker.ts";

const MODULE = import.meta.resolve("../support/pool_worker.ts");

Deno.test("a pool answers each request, by one thread or by several", async () => {
  for (const size of [1, 3]) {
    using pool = new WorkerPool<Asked, number>(MODULE, { size, setup: { add: 100 } });
    const requests = Array.from({ length: 20 }, (_, i) => pool.run({ square: i }));
    const expected = requests.map((_, i) => i * i + 100);
    assert.deepEqual(await Promise.all(requests), expected);
  }
});

Deno.test("a pool tells who watches what each of its threads did when", async () => {
  const spans: WorkSpan[] = [];
  const before = performance.timeOrigin + performance.now();
  using _watching = watchWork((span) => spans.push(span));
  using pool = new WorkerPool<Asked, number>(MODULE, { size: 2, setup: { add: 0 } });
  const failing = pool.run({ fail: true });
  await Promise.all([assert.rejects(failing), pool.run({ square: 2 }), pool.run({ square: 3 })]);
  const after = performance.timeOrigin + performance.now();
  const threadsOf = (kind: string) =>
    spans.filter((span) => span.kind === kind).map(({ thread }) => thread).sort();
  assert.deepEqual(threadsOf("start"), ["pool worker 1", "pool worker 2"]);
  assert.equal(threadsOf("hash").length, 3);
  assert.deepEqual([...new Set(threadsOf("hash"))], ["pool worker 1", "pool worker 2"]);
  for (const { start, end } of spans) assert(before <= start && start <= end && end <= after);
});

Deno.test("a pool starts threads ahead of requests, no more than there are to be of either", async () => {
  for (const [requests, size, threads] of [[1, 2, 1], [9, 2, 2], [0, 2, 0]] as const) {
    let started = 0;
    const { promise: areReady, resolve } = Promise.withResolvers<void>();
    using _watching = watchWork(({ kind }) => {
      if (kind === "start" && ++started === threads) resolve();
    });
    using pool = new WorkerPool<Asked, number>(MODULE, { size, setup: { add: 5 } });
    pool.startFor(requests);
    pool.startFor(requests); // they are there already
    if (threads > 0) await areReady;
    assert.equal(await pool.run({ square: 2 }), 9);
    assert.equal(started, Math.max(1, threads));
  }
});

Deno.test("a thread that dies before it is asked anything is an error of what is asked then", async () => {
  const text = `new BroadcastChannel("began").postMessage(0); throw new Error("it never began");`;
  const module = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const channel = new BroadcastChannel("began");
  const began = new Promise((resolve) => channel.onmessage = resolve);
  using pool = new WorkerPool<Asked, number>(module, { size: 1 });
  pool.startFor(1);
  await began;
  URL.revokeObjectURL(module); // a thread that began only when it is asked would die of this
  await assert.rejects(pool.run({ square: 1 }), /a thread has died: .*it never began/);
  channel.close();
});

Deno.test("a request that cannot be answered is rejected, and the next one is answered", async () => {
  using pool = new WorkerPool<Asked, number>(MODULE, { size: 1, setup: { add: 0 } });
  const failing = pool.run({ fail: true });
  const next = pool.run({ square: 3 });
  await assert.rejects(failing, /cannot be answered/);
  assert.equal(await next, 9);
});

Deno.test("a thread that dies is an error of all requests, not a hang", async () => {
  using pool = new WorkerPool<Asked, number>(MODULE, { size: 2, setup: { add: 0 } });
  const requests = [{ die: true }, { square: 1 }, { square: 2 }] as const;
  const outcomes = await Promise.allSettled(requests.map((request) => pool.run(request)));
  assert.equal(outcomes[0]!.status, "rejected");
  await assert.rejects(pool.run({ square: 1 }), /a thread has died: .*it died/);
});

Deno.test("a thread that dies at its start is an error of what it was to do, not a hang", async () => {
  const module = URL.createObjectURL(
    new Blob(['throw new Error("it never began");'], { type: "text/javascript" }),
  );
  using pool = new WorkerPool<Asked, number>(module, { size: 2, setup: { add: 0 } });
  const requests = [1, 2, 3].map((square) => pool.run({ square }));
  for (const request of requests) {
    await assert.rejects(request, /a thread has died: .*it never began/);
  }
  URL.revokeObjectURL(module);
});

Deno.test("a module that is not there, and a pool that was closed, are errors", async () => {
  using pool = new WorkerPool<Asked, number>(import.meta.resolve("./no_such_module.ts"));
  await assert.rejects(pool.run({ square: 1 }), /a thread has died/);
  const closed = new WorkerPool<Asked, number>(MODULE, { size: 1, setup: { add: 0 } });
  const waiting = closed.run({ square: 1 });
  closed[Symbol.dispose]();
  await assert.rejects(waiting, /was closed/);
  await assert.rejects(closed.run({ square: 1 }), /was closed/);
});
