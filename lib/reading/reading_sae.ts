/**
 * An SAE of any format, read by a thread beside the one that computes: which file is asked for, and
 * what is handed over.
 *
 * @module
 */
import { FileSource } from "../files/byte_source.ts";
import { changedFile, type FileLook, isSame, type SteadyFile } from "../files/steady_file.ts";
import type { FeatureRange, FeatureRows } from "../sae/feature_rows.ts";
import type { OpenedSae, SaeOptions } from "../sae/formats/format.ts";
import { greatestWeight } from "../sae/magnitudes.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";

/** The encoder or the decoder. */
export type SaeSide = "encoder" | "decoder";
/** What each of them is. */
export interface SaeSides {
  /** An encoder. */
  encoder: Sae;
  /** A decoder. */
  decoder: SaeDecoder;
}

/** An SAE as it was opened, to be opened again. */
export interface SaeSource {
  /** What was asked for. */
  readonly path: string;
  /** What no file holds. */
  readonly options: SaeOptions;
  /** What its files were then, by their paths. */
  readonly looks: ReadonlyMap<string, FileLook>;
}

/** The encoder or decoder of an SAE to be read. */
export interface SaeRequest extends SaeSource {
  /** Which. */
  readonly side: SaeSide;
  /** Some rows of its matrix. Default: what it is; of an encoder with all rows if they are few. */
  readonly range?: FeatureRange | undefined;
  /** Which numbers of these rows, as columns. Default: all, as rows. */
  readonly depth?: FeatureRange | undefined;
}

/** What is known of an encoder or decoder but for its rows. */
export type Rowless<S extends SaeSide = SaeSide> = Omit<SaeSides[S], "rows">;

/** What was read. */
export interface SaeAnswer {
  /** What it is; undefined if there is none, or some rows were asked for. */
  readonly what?: Rowless | undefined;
  /** Rows: those that were asked for, or all of an encoder whose rows stay in memory. */
  readonly rows?: Float32Array<ArrayBuffer> | undefined;
  /** The greatest magnitude in all rows of an encoder. */
  readonly greatest?: number | undefined;
  /** Whether rows stay in memory once they are read. */
  readonly isWhole?: boolean;
  /** Whether few rows are read as fast as many. */
  readonly isEvenlyRead?: boolean | undefined;
  /** Whether numbers of rows can be read as columns. */
  readonly readsColumns?: boolean;
  /** Whether it cannot be handed over: whoever asks is to read it. */
  readonly isTied?: true;
}

/** Matrices that are read some rows at a time, by what was asked for. */
const opened = new Map<string, Promise<SaeSides[SaeSide] | undefined>>();
/** How many of them stay open: those of the SAE at work, and of the one after it. */
const MOST_OPENED = 4;

/**
 * Reads an encoder or a decoder, or some of its rows.
 *
 * @throws {InputError} If a weight is missing, damaged or not finite, or a file has become another one.
 */
export async function readSide(request: SaeRequest): Promise<SaeAnswer> {
  const { side, range, depth, ...source } = request;
  const key = JSON.stringify([source.path, source.options, [...source.looks], side]);
  const reading = opened.get(key) ?? openSide(source, side);
  opened.delete(key);
  const found = await reading;
  if (found === undefined) return {};
  const { rows, ...what } = found;
  if (Object.values(what).some(hasRows)) return { isTied: true };
  const isWhole = rows.release === undefined;
  if (!isWhole) remember(key, reading);
  if (range !== undefined) {
    const { first, count } = range;
    return { rows: await (depth ? rows.readColumns!(range, depth) : rows.read(first, count)) };
  }
  const { isEvenlyRead, readColumns } = rows;
  const how = { isWhole, isEvenlyRead, readsColumns: readColumns !== undefined };
  if (side === "decoder") return { what, ...how };
  const { featureCount } = what;
  const greatest = await greatestWeight({ rows, featureCount, width: rows.width });
  return { what, ...how, greatest, ...isWhole && { rows: await rows.read(0, featureCount) } };
}

/**
 * Reads the rows of an encoder that another thread has read before.
 *
 * @param source Which SAE.
 * @throws {InputError} As {@linkcode readSide} does.
 */
export async function readEncoderAgain(source: SaeSource): Promise<FeatureRows> {
  return (await openSide(source, "encoder"))!.rows;
}

async function openSide(
  { path, options, looks }: SaeSource,
  side: SaeSide,
): Promise<SaeSides[SaeSide] | undefined> {
  await checkFiles(looks); // what has become another file need not make sense
  const { openSaeFiles } = await import("../sae/open_sae.ts");
  const { opened, files } = await openSaeFiles(path, options);
  checkLooks(files, looks);
  return side === "encoder" ? await opened.read() : await opened.readDecoder();
}

/** @throws {InputError} If a file cannot be opened, or is not the one that it was. */
async function checkFiles(looks: SaeSource["looks"]): Promise<void> {
  for (const [path, look] of looks) {
    using source = await FileSource.open(path);
    if (!isSame(look, source.info)) throw changedFile(path);
  }
}

/** @throws {InputError} If a file is not the one that it was. */
function checkLooks(files: readonly SteadyFile[], looks: SaeSource["looks"]): void {
  for (const { path, look } of files) {
    const before = looks.get(path);
    if (before === undefined || !isSame(before, look)) throw changedFile(path);
  }
}

/** The last ones stay. */
function remember(key: string, reading: Promise<SaeSides[SaeSide] | undefined>): void {
  opened.set(key, reading);
  for (const key of opened.keys()) {
    if (opened.size <= MOST_OPENED) return;
    opened.delete(key);
  }
}

/** Whether something has a matrix of its own, which cannot be handed over. */
function hasRows(value: unknown): boolean {
  return typeof value === "object" && value !== null && "rows" in value &&
    typeof (value.rows as FeatureRows).read === "function";
}

/** What a thread is told of an SAE. */
export function sourceOf(
  { path }: Pick<OpenedSae, "path">,
  files: readonly SteadyFile[],
  options: SaeOptions,
): SaeSource {
  return { path, options, looks: new Map(files.map(({ path, look }) => [path, look])) };
}
