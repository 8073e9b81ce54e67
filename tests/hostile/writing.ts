/** Writes large files of little content. */

/** A file, and what its reader is to say. */
export interface HostileFile {
  /** The name of the reader in `reader_process.ts`. */
  readonly reader: string;
  /** What is hostile. */
  readonly what: string;
  /** The file's name, where that matters. */
  readonly file?: string;
  /** Writes it. */
  readonly write: (path: string) => void | Promise<void>;
  /** What its reader is to say. */
  readonly message: RegExp;
  /** Whether it takes long, and quicker ones of its kind stand for it in the tests: the soak reads it. */
  readonly isSlow?: true;
}

/** Bytes in a mebibyte. */
export const MIB: number = 2 ** 20;

/** A file of a beginning and then zeros without end, which take no place on the disk. */
export function sparse(path: string, length: number, start: Uint8Array = new Uint8Array(0)): void {
  Deno.writeFileSync(path, start);
  Deno.truncateSync(path, length);
}

/** A file of one text again and again, between two others. */
export function repeated(
  path: string,
  text: string,
  count: number,
  [before, after]: readonly [string, string] = ["", ""],
): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const write = (part: string) => {
    const bytes = new TextEncoder().encode(part);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  };
  write(before);
  const perWrite = Math.max(1, Math.floor(MIB / text.length));
  for (let done = 0; done < count; done += perWrite) {
    write(text.repeat(Math.min(perWrite, count - done)));
  }
  write(after);
}
