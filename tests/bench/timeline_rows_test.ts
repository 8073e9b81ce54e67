import assert from "node:assert/strict";
import { coreUse, threadRows } from "../../bench/timeline_rows.ts";
import type { WorkKind, WorkSpan } from "../../lib/base/work_log.ts";

const BEGIN = 1_000_000;
const span = (kind: WorkKind, start: number, end: number, thread = ""): WorkSpan => {
  return { kind, thread, start: BEGIN + 1000 * start, end: BEGIN + 1000 * end };
};
const rowsOf = (spans: readonly WorkSpan[], gap = 0) =>
  threadRows(spans, { begin: BEGIN, gap, watching: "main" });

Deno.test("there is a row for each thread, that of who watches first, the tenth after the second", () => {
  const threads = ["worker 10", "worker 2", ""];
  const rows = rowsOf(threads.map((thread) => span("hash", 0, 1, thread)));
  assert.deepEqual(rows.map(({ thread }) => thread), ["main", "worker 2", "worker 10"]);
});

Deno.test("work that is under way at one time lies in lanes of its own, the next in the first again", () => {
  const [row] = rowsOf([span("read", 0, 3), span("encode", 1, 4), span("write", 5, 6)]);
  assert.deepEqual(row!.bars.map(({ kind, lane }) => [kind, lane]), [
    ["read", 0],
    ["encode", 1],
    ["write", 0],
  ]);
  assert.equal(row!.lanes, 2);
});

Deno.test("pieces of one kind that are close become one bar; their seconds stay as they are", () => {
  const pieces = [span("hash", 0, 1), span("hash", 1.1, 2), span("hash", 3, 4)];
  const [row] = rowsOf(pieces, 0.2);
  assert.deepEqual(row!.bars.map(({ start, end }) => [start, end]), [[0, 2], [3, 4]]);
  assert.equal(row!.seconds.get("hash")!.toFixed(6), "2.900000");
});

Deno.test("two pictures at a time are two bars", () => {
  const [row] = rowsOf([span("pictures", 0, 2), span("pictures", 1, 3)], 0.5);
  assert.equal(row!.lanes, 2);
  assert.equal(row!.busy, 3);
});

Deno.test("each moment is of the work that began last, and counts once", () => {
  const [row] = rowsOf([span("read", 0, 10), span("hash", 2, 5), span("encode", 8, 12)]);
  assert.deepEqual(Object.fromEntries(row!.seconds), { read: 5, hash: 3, encode: 4 });
  assert.equal(row!.busy, 12);
});

Deno.test("cores in use are processor time by the clock's; looks at one moment say nothing", () => {
  const samples = [0, 100, 100, 300].map((at, i) => {
    return { at: BEGIN + at, used: [0, 200_000, 200_000, 300_000][i]! };
  });
  assert.deepEqual(coreUse(samples, BEGIN), [
    { start: 0, end: 0.1, cores: 2 },
    { start: 0.1, end: 0.3, cores: 0.5 },
  ]);
});
