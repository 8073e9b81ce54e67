import assert from "node:assert/strict";
import { WORK_COLORS } from "../../bench/timeline_marks.ts";
import { type Timeline, timelinePicture } from "../../bench/timeline_picture.ts";
import { threadRows } from "../../bench/timeline_rows.ts";
import type { WorkKind, WorkSpan } from "../../lib/base/work_log.ts";
import { contains } from "../../lib/plot/box.ts";
import type { Mark, RectangleMark, TextMark } from "../../lib/plot/figure.ts";
import { textBox } from "../../lib/plot/text.ts";

const span = (kind: WorkKind, start: number, end: number, thread = ""): WorkSpan => {
  return { kind, thread, start: 1000 * start, end: 1000 * end };
};
const TIMELINE: Timeline = {
  subtitle: "a job",
  seconds: 10,
  phases: [{ name: "language model", start: 0, end: 4 }, { name: "end", start: 9.99, end: 10 }],
  rows: threadRows([
    span("language model", 0, 4),
    span("read", 4, 6),
    span("hash", 5, 6),
    span("pictures", 2, 10, "picture worker 1"),
  ], { begin: 0, gap: 0, watching: "main thread" }),
  use: [{ start: 0, end: 5, cores: 1 }, { start: 5, end: 10, cores: 2 }],
  cores: 2,
  caption: ["what a reader must know"],
};
const isBar = (kind: WorkKind) => (mark: Mark): mark is RectangleMark =>
  mark.kind === "rectangle" && mark.fill === WORK_COLORS[kind];
const texts = (marks: readonly Mark[]) => marks.filter((m): m is TextMark => m.kind === "text");

Deno.test("a bar is as long as the work took, at the time at which it was done", () => {
  const { marks } = timelinePicture(TIMELINE);
  const [model] = marks.filter(isBar("language model"));
  const [read] = marks.filter(isBar("read"));
  assert(Math.abs(model!.box.width / read!.box.width - 2) < 1e-9);
  assert(Math.abs(model!.box.x + model!.box.width - read!.box.x) < 1e-9);
});

Deno.test("work within other work lies below it, and another thread below both", () => {
  const { marks } = timelinePicture(TIMELINE);
  const y = (kind: WorkKind) => marks.find(isBar(kind))!.box.y;
  assert(y("read") < y("hash") && y("hash") < y("pictures"));
  assert.equal(y("read"), y("language model"));
});

Deno.test("the legend names the kinds that are there, threads have names and shares, phases if there is room", () => {
  const names = texts(timelinePicture(TIMELINE).marks).map(({ text }) => text);
  for (
    const name of ["read", "hash", "main thread", "picture worker 1", "60 %", "80 %", "seconds"]
  ) {
    assert(names.includes(name), name);
  }
  assert(!names.includes("statistics"));
  assert(!names.includes("end"), "a phase that is too short for its name has none");
});

Deno.test("everything lies on the page, with the processor time and without", () => {
  for (const use of [TIMELINE.use, []]) {
    const figure = timelinePicture({ ...TIMELINE, use });
    const page = { x: 0, y: 0, width: figure.width, height: figure.height };
    for (const mark of texts(figure.marks)) assert(contains(page, textBox(mark)), mark.text);
    for (const mark of figure.marks) {
      if (mark.kind === "rectangle") assert(contains(page, mark.box));
    }
    const hasCores = texts(figure.marks).some(({ text }) => text === "cores in use");
    assert.equal(hasCores, use.length > 0);
  }
});
