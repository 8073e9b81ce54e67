/**
 * What each thread did when, in one run of the whole job: a table, and the picture `timeline.png` and
 * `timeline.svg` beside the report.
 *
 * @module
 */
import type { WorkKind, WorkSpan } from "../lib/base/work_log.ts";
import { writeFigure } from "../lib/pictures/figure_files.ts";
import { measureDeno } from "./child.ts";
import { seconds, type Table } from "./table.ts";
import type { Trace } from "./timeline_job.ts";
import { type Phase, WORK_COLORS } from "./timeline_marks.ts";
import { type Timeline, timelinePicture } from "./timeline_picture.ts";
import { coreUse, type ThreadRow, threadRows } from "./timeline_rows.ts";

/** The seconds that the run may take. */
const LIMIT = 480;
/** Work that lies closer together is one bar, as a share of the whole: less than a pixel. */
const GAP = 1 / 2000;
const DPI = 200;
/** What the thread that watches is called. */
const WATCHING = "main thread, feeds the device";

/** Threads are called by their modules, of which one has a name that says little to a reader. */
function named(span: WorkSpan): WorkSpan {
  return { ...span, thread: span.thread.replace(/^selectivity\b/, "statistics") };
}

/** What is run. */
export interface TimelineOptions {
  /** The directory of the job. */
  readonly job: string;
  /** Where it computes. */
  readonly device: "cpu" | "gpu";
  /** A directory for what the run writes. */
  readonly scratch: string;
  /** The directory of the report. */
  readonly report: string;
  /** Told what is going on. */
  readonly log: (line: string) => void;
}

/** Runs the job once, with the statistics of each feature and all pictures, and draws what it did. */
export async function measureTimeline(options: TimelineOptions): Promise<Table> {
  const { job, device, scratch, report, log } = options;
  const file = `${scratch}/trace.json`;
  const args = [job, device, `${scratch}/timeline`, file, "statistics"];
  await measureDeno("bench/timeline_job.ts", args, LIMIT);
  const trace: Trace = JSON.parse(await Deno.readTextFile(file));
  const timeline = timelineOf(trace, navigator.hardwareConcurrency);
  await Deno.mkdir(report, { recursive: true });
  await writeFigure(timelinePicture(timeline), {
    options: { formats: ["png", "svg"] },
    dpi: DPI,
    path: (format) => `${report}/timeline.${format}`,
  });
  log(`wrote ${report}/timeline.png and timeline.svg`);
  return timelineTable(timeline);
}

/** A run's trace as a timeline. */
export function timelineOf(trace: Trace, cores: number): Timeline {
  const { begin, end, spans, samples, device, backend } = trace;
  const whole = (end - begin) / 1000;
  const isNative = backend === "webgpu-native";
  return {
    subtitle: `the whole job with statistics and pictures, on ${device}, ${whole.toFixed(1)} s`,
    seconds: whole,
    phases: phasesOf(trace),
    rows: threadRows(spans.map(named), { begin, gap: GAP * whole, watching: WATCHING }),
    use: coreUse(samples, begin),
    cores,
    caption: [
      "a bar is a piece of work from its beginning to its end; pieces that were under way at one time " +
      "lie below each other",
      "where a thread has no bar it waits, or does what is not told of",
      ...(isNative
        ? ["the language model ran on onnxruntime-node's WebGPU, whose kernels Deno does not see"]
        : []),
      "busy: the share of the time in which at least one piece of work was under way",
      "cores in use: processor time of all threads, native ones included, by the clock's",
    ],
  };
}

/** The phases, each until the next one begins; the first begins with the run. */
function phasesOf({ begin, end, phases }: Trace): Phase[] {
  const starts = [{ name: "start", at: begin }, ...phases];
  return starts.map(({ name, at }, i) => {
    const until = starts[i + 1]?.at ?? end;
    return { name, start: (at - begin) / 1000, end: (until - begin) / 1000 };
  }).filter(({ start, end }) => end > start);
}

/** The seconds of each thread by kinds of work. */
export function timelineTable({ rows, use, phases, seconds: whole }: Timeline): Table {
  const kinds = (Object.keys(WORK_COLORS) as WorkKind[])
    .filter((kind) => rows.some((row) => row.seconds.has(kind)));
  const cell = ({ seconds: of }: ThreadRow, kind: WorkKind) =>
    of.has(kind) ? seconds(of.get(kind)!) : "–";
  return {
    title: "What each thread did",
    columns: ["thread", "busy", ...kinds],
    rows: rows.map((row) => [
      row.thread,
      `${seconds(row.busy)} of ${seconds(whole)}`,
      ...kinds.map((kind) => cell(row, kind)),
    ]),
    notes: [
      "timeline.png and timeline.svg show when. A moment counts for the piece of work that began last; " +
      "work that is asynchronous counts until it is done, waiting included.",
      `Cores in use, on average: ${
        phases.map(({ name, start, end }) => `${name} ${meanUse(use, start, end)}`).join(", ")
      }.`,
    ],
  };
}

/** The mean of the cores in use between two moments. */
function meanUse(use: Timeline["use"], from: number, to: number): string {
  let [time, used] = [0, 0];
  for (const { start, end, cores } of use) {
    const shared = Math.min(end, to) - Math.max(start, from);
    if (shared <= 0) continue;
    time += shared;
    used += shared * cores;
  }
  return time === 0 ? "unknown" : (used / time).toFixed(1);
}
