import assert from "node:assert/strict";
import { timelineOf, timelineTable } from "../../bench/timeline.ts";
import type { Trace } from "../../bench/timeline_job.ts";

const BEGIN = 5000;
const TRACE: Trace = {
  begin: BEGIN,
  end: BEGIN + 4000,
  phases: [{ name: "reading inputs", at: BEGIN + 1000 }, { name: "SAEs", at: BEGIN + 2000 }],
  spans: [
    { kind: "encode", thread: "", start: BEGIN + 2000, end: BEGIN + 3000 },
    { kind: "pictures", thread: "picture worker 1", start: BEGIN + 2000, end: BEGIN + 4000 },
  ],
  samples: [{ at: BEGIN, used: 0 }, { at: BEGIN + 2000, used: 1e6 }, {
    at: BEGIN + 4000,
    used: 5e6,
  }],
  device: "a card",
  backend: "webgpu",
};

Deno.test("a trace's phases follow each other from the beginning to the end", () => {
  const { phases, seconds } = timelineOf(TRACE, 4);
  assert.deepEqual(phases, [
    { name: "start", start: 0, end: 1 },
    { name: "reading inputs", start: 1, end: 2 },
    { name: "SAEs", start: 2, end: 4 },
  ]);
  assert.equal(seconds, 4);
});

Deno.test("the table names the seconds of each thread, and the cores in use in each phase", () => {
  const { columns, rows, notes } = timelineTable(timelineOf(TRACE, 4));
  assert.deepEqual(columns, ["thread", "busy", "encode", "pictures"]);
  assert.deepEqual(rows, [
    ["main thread, feeds the device", "1.00 s of 4.00 s", "1.00 s", "–"],
    ["picture worker 1", "2.00 s of 4.00 s", "–", "2.00 s"],
  ]);
  assert.match(notes!.join(" "), /reading inputs 0\.5, SAEs 2\.0\./);
});

Deno.test("the caption says so where Deno cannot see the language model's kernels", () => {
  const says = (backend: string) =>
    timelineOf({ ...TRACE, backend }, 4).caption.some((sentence) =>
      sentence.includes("does not see")
    );
  assert.deepEqual(["webgpu-native", "webgpu", "cpu"].map(says), [true, false, false]);
});
