/**
 * Files that are to stay what they are for as long as coact uses them: what was hashed is to be what
 * was read, by whomever and however often.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { FileSource } from "./byte_source.ts";
import { hashSource } from "./hash_file.ts";
import { openExplained } from "./read_text.ts";

/**
 * Times of files are as coarse as this, in milliseconds: 4 on Linux, 2,000 on the coarsest file
 * system. A file written so shortly before it was looked at can be written again and look the same.
 */
const COARSEST_TIME = 2000;

/**
 * A file as it was when it was first seen. Each later look is held against that: another file of the
 * same name, another length or a later time of writing end in an error. Where that cannot tell, the
 * bytes are hashed again.
 */
export class SteadyFile {
  /** Where it is. */
  readonly path: string;
  #info: Deno.FileInfo;
  #seenAt = Date.now();
  #sha256: string | undefined;

  private constructor(path: string, info: Deno.FileInfo) {
    this.path = path;
    this.#info = info;
  }

  /**
   * Takes a first look at a file.
   *
   * @throws {InputError} If there is no such file or it cannot be read; an unfinished download is named.
   */
  static async see(path: string): Promise<SteadyFile> {
    using source = await openExplained(path);
    return SteadyFile.of(source);
  }

  /** The file that is open. */
  static of({ name, info }: FileSource): SteadyFile {
    return new SteadyFile(name, info);
  }

  /** How long it is, in bytes. */
  get byteLength(): number {
    return this.#info.size;
  }

  /** What it was when it was first seen. */
  get look(): FileLook {
    return lookOf(this.#info);
  }

  /**
   * Opens it again, for reading. Whoever opens it closes it.
   *
   * @throws {InputError} If it cannot be opened, or is not what it was.
   */
  async open(): Promise<FileSource> {
    const source = await FileSource.open(this.path);
    if (isSame(this.#info, source.info)) return source;
    source.close();
    throw changedFile(this.path);
  }

  /**
   * The SHA-256 of its bytes, in hexadecimal. They are read once.
   *
   * @param hash Hashes the bytes of a file, which another thread may read by its path: it is the
   * same file if {@linkcode isSame} says so. Default: this thread hashes them.
   * @throws {InputError} If it cannot be read, or is not what it was.
   */
  async sha256(hash: (source: FileSource) => Promise<string> = hashSource): Promise<string> {
    this.#sha256 ??= await this.#hash(hash);
    return this.#sha256;
  }

  /** Says what the bytes that were read of it hash to, where a reader has found that out. */
  wasHashed(sha256: string): void {
    this.#sha256 = sha256;
  }

  /**
   * Makes sure that it still is what it was, after whatever was read of it.
   *
   * @throws {InputError} If it is not, or is gone.
   */
  async check(): Promise<void> {
    using source = await this.open();
    if (this.#sha256 === undefined || this.#isCertain(source.info)) return;
    if (await hashSource(source) !== this.#sha256) throw changedFile(this.path);
  }

  async #hash(hash: (source: FileSource) => Promise<string>): Promise<string> {
    using source = await this.open();
    const sha256 = await hash(source);
    if (!isSame(this.#info, source.currentInfo())) throw changedFile(this.path);
    return sha256;
  }

  /**
   * Whether it was written long enough before the first look that whatever is written later shows: what
   * is hashed later then is what was read before.
   */
  get isSettled(): boolean {
    const written = Math.max(time(this.#info.mtime), time(this.#info.ctime));
    return written < this.#seenAt - COARSEST_TIME;
  }

  /**
   * Whether equal looks mean equal bytes: not if the file was written just before the first look,
   * nor if something has happened to it that also follows from setting back its time of writing.
   */
  #isCertain({ ctime }: Deno.FileInfo): boolean {
    return this.isSettled && time(ctime) === time(this.#info.ctime);
  }
}

/**
 * The SHA-256 of each file, in hexadecimal, by its path.
 *
 * @param hash As for {@linkcode SteadyFile.sha256}.
 * @throws {InputError} If one cannot be read, or is not what it was.
 */
export async function hashesOf(
  files: readonly SteadyFile[],
  hash?: (source: FileSource) => Promise<string>,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file.path] = await file.sha256(hash);
  return hashes;
}

/** What is looked at to tell whether a file is still the one that it was. */
export type FileLook = Pick<Deno.FileInfo, "dev" | "ino" | "size" | "mtime">;

/** The same of a file, to be handed to another thread. */
export function lookOf({ dev, ino, size, mtime }: FileLook): FileLook {
  return { dev, ino, size, mtime };
}

/** Whether two looks are at one file that nobody has written to in between. */
export function isSame(a: FileLook, b: FileLook): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && time(a.mtime) === time(b.mtime);
}

/** In milliseconds; 0 where the operating system does not say it. */
function time(date: Date | null): number {
  return date?.getTime() ?? 0;
}

/** That a file is not what it was. */
export function changedFile(path: string): InputError {
  return new InputError(
    `${path} was changed while it was in use; start again once it stays as it is`,
  );
}
