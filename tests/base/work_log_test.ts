import assert from "node:assert/strict";
import {
  isWorkWatched,
  tellWork,
  timed,
  watchWork,
  type WorkSpan,
} from "../../lib/base/work_log.ts";

Deno.test("who watches is told of each piece of work when it has ended, inner ones first", async () => {
  const spans: WorkSpan[] = [];
  using _watching = watchWork((span) => spans.push(span));
  const result = await timed("read", async () => {
    await Promise.resolve();
    timed("hash", () => {});
    return 7;
  });
  assert.equal(result, 7);
  assert.deepEqual(spans.map(({ kind }) => kind), ["hash", "read"]);
  const [inner, outer] = spans as [WorkSpan, WorkSpan];
  assert(outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end);
  assert(Math.abs(outer.end - Date.now()) < 60_000, "milliseconds since 1970");
});

Deno.test("work that fails is told of, too, and fails as it would", async () => {
  const spans: WorkSpan[] = [];
  using _watching = watchWork((span) => spans.push(span));
  const fail = () => {
    throw new Error("it failed");
  };
  assert.throws(() => timed("check", fail), /it failed/);
  await assert.rejects(timed("write", () => Promise.reject(new Error("it failed"))), /it failed/);
  assert.deepEqual(spans.map(({ kind }) => kind), ["check", "write"]);
});

Deno.test("nothing is told once nobody watches", () => {
  const spans: WorkSpan[] = [];
  const watching = watchWork((span) => spans.push(span));
  assert(isWorkWatched());
  watching[Symbol.dispose]();
  assert(!isWorkWatched());
  assert.equal(timed("hash", () => 1), 1);
  tellWork({ kind: "hash", thread: "", start: 0, end: 1 });
  assert.deepEqual(spans, []);
});
