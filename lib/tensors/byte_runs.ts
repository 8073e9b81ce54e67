/**
 * Runs of bytes at equal distances: the columns of a matrix whose rows lie one after the other.
 *
 * @module
 */
import { type ByteSource, readInto } from "../files/byte_source.ts";

/** Runs of bytes of the same length, each as far from the next. */
export interface ByteRuns {
  /** Where the first begins, in bytes. */
  readonly start: number;
  /** How many bytes a run has. */
  readonly length: number;
  /** From the beginning of one run to that of the next, in bytes; no less than its length. */
  readonly step: number;
  /** How many runs there are. */
  readonly count: number;
}

/** A gap that is read along with what lies on both sides, in bytes: a read of its own costs more. */
const SHORT_GAP = 16 * 2 ** 10;
/** How much is read at a time where gaps are read along, in bytes. */
const PIECE_BYTES = 4 * 2 ** 20;

/** One run, from `start` up to but not including `end`. */
export function oneRun(start: number, end: number): ByteRuns {
  return { start, length: end - start, step: end - start, count: 1 };
}

/** How many bytes runs have together. */
export function bytesOf({ length, count }: ByteRuns): number {
  return length * count;
}

/**
 * Reads runs, one after the other, and of what lies between them at most short gaps.
 *
 * @param offset What is added to where each begins: where an entry of a zip file does.
 * @throws {InputError} If they cannot be read.
 */
export async function readRuns(
  source: ByteSource,
  runs: ByteRuns,
  offset = 0,
): Promise<Uint8Array<ArrayBuffer>> {
  const { start, length, step, count } = runs;
  const isWhole = count === 1 || step === length;
  if (isWhole) return await source.read(offset + start, offset + start + length * count);
  const bytes = new Uint8Array(bytesOf(runs));
  const atOnce = step - length > SHORT_GAP ? 1 : Math.max(1, Math.floor(PIECE_BYTES / step));
  // One array for all pieces: JavaScript gives back what it has read late, when much of it is there.
  const piece = atOnce === 1 ? undefined : new Uint8Array((atOnce - 1) * step + length);
  for (let first = 0; first < count; first += atOnce) {
    const last = Math.min(first + atOnce, count) - 1;
    const [from, to] = [start + first * step, start + last * step + length];
    const own = piece?.subarray(0, to - from) ??
      bytes.subarray(first * length, (first + 1) * length);
    await readInto(source, offset + from, own);
    if (piece !== undefined) copyRuns(own, from, runs, bytes);
  }
  return bytes;
}

/**
 * Copies what a piece holds of runs to where it belongs among them.
 *
 * @param at Where the piece begins, in the bytes that the runs are of.
 * @param bytes The runs, one after the other.
 */
export function copyRuns(
  piece: Uint8Array,
  at: number,
  { start, length, step, count }: ByteRuns,
  bytes: Uint8Array,
): void {
  if (length === 0) return;
  const end = at + piece.length;
  const first = Math.max(0, Math.floor((at - start - length) / step) + 1);
  for (let run = first; run < count; run++) {
    const own = start + run * step;
    if (own >= end) break;
    const [from, to] = [Math.max(at, own), Math.min(end, own + length)];
    bytes.set(piece.subarray(from - at, to - at), run * length + from - own);
  }
}
