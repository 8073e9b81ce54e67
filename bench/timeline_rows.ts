/**
 * Pieces of work as rows of a timeline: a row a thread, with as many lanes as it had pieces of work
 * under way at a time.
 *
 * @module
 */
import type { WorkKind, WorkSpan } from "../lib/base/work_log.ts";

/** A piece of work in a row. Times are seconds from the beginning. */
export interface Bar {
  /** What was done. */
  readonly kind: WorkKind;
  /** When it began. */
  readonly start: number;
  /** When it ended. */
  readonly end: number;
  /** Its lane, from 0. */
  readonly lane: number;
}

/** A thread. */
export interface ThreadRow {
  /** Its name. */
  readonly thread: string;
  /** Its work, by the time at which it began. */
  readonly bars: readonly Bar[];
  /** How many lanes it takes. */
  readonly lanes: number;
  /** For how many seconds at least one piece of work was under way. */
  readonly busy: number;
  /** The seconds of each kind; where it contains another kind, without that. */
  readonly seconds: ReadonlyMap<WorkKind, number>;
}

/** How rows are made. */
export interface RowOptions {
  /** The beginning, in milliseconds since 1970. */
  readonly begin: number;
  /** Work of one kind that is no farther apart than this becomes one bar, in seconds. */
  readonly gap: number;
  /** What the thread is called that watched. */
  readonly watching: string;
}

/** The rows: the thread that watched first, the others by their names. */
export function threadRows(
  spans: readonly WorkSpan[],
  { begin, gap, watching }: RowOptions,
): ThreadRow[] {
  const byThread = Map.groupBy(spans, ({ thread }) => thread);
  const names = [...byThread.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return names.map((thread) => {
    const pieces = byThread.get(thread)!
      .map(({ kind, start, end }) => {
        return { kind, start: (start - begin) / 1000, end: (end - begin) / 1000 };
      })
      .sort((a, b) => a.start - b.start || b.end - a.end);
    const bars = inLanes(merged(pieces, gap));
    return {
      thread: thread === "" ? watching : thread,
      bars,
      lanes: 1 + Math.max(0, ...bars.map(({ lane }) => lane)),
      ...times(pieces),
    };
  });
}

type Piece = Omit<Bar, "lane">;

/** Joins neighbours of one kind. A piece within another of its kind is part of it. */
function merged(pieces: readonly Piece[], gap: number): Piece[] {
  const joined: { kind: WorkKind; start: number; end: number }[] = [];
  const last = new Map<WorkKind, (typeof joined)[number]>();
  for (const piece of pieces) {
    const before = last.get(piece.kind);
    const isFar = before === undefined || piece.start - before.end > gap;
    // What lies beside it, rather than after it, was under way at the same time.
    const isBeside = before !== undefined && piece.start < before.end && piece.end > before.end;
    if (isFar || isBeside) {
      const next = { ...piece };
      joined.push(next);
      last.set(piece.kind, next);
    } else before.end = Math.max(before.end, piece.end);
  }
  return joined.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Gives each piece the first lane that is free. */
function inLanes(pieces: readonly Piece[]): Bar[] {
  const ends: number[] = [];
  return pieces.map((piece) => {
    const free = ends.findIndex((end) => end <= piece.start);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = piece.end;
    return { ...piece, lane };
  });
}

/**
 * What a thread spent on what. At each moment the time is that of the piece that began last: what contains
 * others is left with what they do not take.
 */
function times(pieces: readonly Piece[]): Pick<ThreadRow, "busy" | "seconds"> {
  const seconds = new Map<WorkKind, number>();
  const moments = [...new Set(pieces.flatMap(({ start, end }) => [start, end]))]
    .sort((a, b) => a - b);
  let busy = 0;
  let next = 0;
  let open: Piece[] = [];
  for (let i = 0; i + 1 < moments.length; i++) {
    const [from, to] = [moments[i]!, moments[i + 1]!];
    while (next < pieces.length && pieces[next]!.start <= from) open.push(pieces[next++]!);
    open = open.filter(({ end }) => end > from);
    const latest = open.at(-1);
    if (latest === undefined) continue;
    busy += to - from;
    seconds.set(latest.kind, (seconds.get(latest.kind) ?? 0) + to - from);
  }
  return { busy, seconds };
}

/** How many cores were in use on average between two moments. */
export interface CoreUse {
  /** The first moment, in seconds from the beginning. */
  readonly start: number;
  /** The second. */
  readonly end: number;
  /** How many cores. */
  readonly cores: number;
}

/** A look at the processor time of a process. */
export interface CpuSample {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** The processor time of all its threads so far, in microseconds. */
  readonly used: number;
}

/** The cores in use between one look and the next. */
export function coreUse(samples: readonly CpuSample[], begin: number): CoreUse[] {
  return samples.slice(1).flatMap(({ at, used }, i) => {
    const before = samples[i]!;
    if (at <= before.at) return [];
    const cores = (used - before.used) / 1000 / (at - before.at);
    return [{ start: (before.at - begin) / 1000, end: (at - begin) / 1000, cores }];
  });
}
