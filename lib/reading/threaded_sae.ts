/**
 * An SAE of any format as threads read it: the same numbers, and the same errors, as if the thread that
 * computes read it.
 *
 * @module
 */
import { type FeatureRange, type FeatureRows, wholeRows } from "../sae/feature_rows.ts";
import type { OpenedSae } from "../sae/formats/format.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";
import type { SaeAnswer, SaeRequest, SaeSource } from "./reading_sae.ts";
import type { ReadingThreads } from "./reading_threads.ts";
import { type RowReader, threadedRows } from "./threaded_rows.ts";

/** An SAE, and who reads it. */
export interface ThreadedSae {
  /** Who reads. */
  readonly threads: Pick<ReadingThreads, "ask">;
  /** Which files. */
  readonly source: SaeSource;
  /** The same, opened by the thread that asks, which reads what is short. */
  readonly opened: Pick<OpenedSae, "width" | "featureCount" | "read" | "readDecoder">;
}

/**
 * Reads an encoder, through to the end: all of its numbers are finite. Where its rows are too many to
 * stay in memory, a thread reads those that are asked for.
 *
 * @throws {InputError} If a weight is missing, damaged or not finite, or a file has become another one.
 * @throws {Error} If a thread has died.
 */
export async function threadedEncoder(sae: ThreadedSae): Promise<Sae> {
  const answer = await ask(sae, { side: "encoder" });
  if (answer === undefined || answer.isTied) return await sae.opened.read();
  const { what, rows, greatest } = answer;
  const known = rows === undefined
    ? threadedRows(sae.opened.width, readerOf(sae, "encoder", answer))
    : wholeRows(rows, sae.opened.width);
  const { source: elsewhere } = sae;
  return { ...what as Omit<Sae, "rows">, rows: { ...known, greatest: greatest!, elsewhere } };
}

/**
 * Reads a decoder but for W, which is read when it is asked for.
 *
 * @returns Undefined if there is none.
 * @throws {InputError} As {@linkcode threadedEncoder} does.
 * @throws {Error} If a thread has died.
 */
export async function threadedDecoder(sae: ThreadedSae): Promise<SaeDecoder | undefined> {
  const answer = await ask(sae, { side: "decoder" });
  if (answer === undefined || answer.isTied) return await sae.opened.readDecoder();
  if (answer.what === undefined) return undefined;
  const what = answer.what as Omit<SaeDecoder, "rows">;
  const reader = readerOf(sae, "decoder", answer);
  const rows = answer.isWhole ? readOnce(what, reader.read) : threadedRows(what.width, reader);
  return { ...what, rows };
}

/** Rows that are read together when some are asked for first, and stay in memory. */
function readOnce(
  { width, featureCount }: { width: number; featureCount: number },
  read: (range: FeatureRange) => Promise<Float32Array<ArrayBuffer>>,
): FeatureRows {
  let all: Promise<Float32Array<ArrayBuffer>> | undefined;
  return {
    width,
    async read(first, count) {
      all ??= read({ first: 0, count: featureCount });
      return (await all).subarray(first * width, (first + count) * width);
    },
  };
}

function readerOf(
  sae: ThreadedSae,
  side: SaeRequest["side"],
  { isEvenlyRead, readsColumns }: SaeAnswer,
): RowReader {
  const read = async (range: FeatureRange, depth?: FeatureRange) =>
    (await ask(sae, { side, range, depth }))!.rows!;
  return { read, isEvenlyRead, ...(readsColumns && { readColumns: read }) };
}

async function ask(
  { threads, source, opened: { width, featureCount } }: ThreadedSae,
  what: Pick<SaeRequest, "side" | "range" | "depth">,
): Promise<SaeAnswer | undefined> {
  const answer = await threads.ask(4 * width * featureCount, { ...source, ...what });
  return answer as SaeAnswer | undefined;
}
