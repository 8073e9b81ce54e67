/**
 * Reads what `deno compile` has put into a binary. The format is Deno's own and may change with its
 * version; whatever does not look as it does in version 2.9 is refused.
 *
 * In order: `d3n0l4nd`; metadata, as JSON; npm's packages and their versions; three empty lists of
 * modules from the web; the directory of the files, as JSON; their bytes; `d3n0l4nd`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";

/** A file in a binary. */
export interface EmbeddedFile {
  /** Its path from the root of the binary's files, with slashes. */
  readonly path: string;
  /** Its bytes: a part of the binary's. */
  readonly bytes: Uint8Array;
}

/** What a binary holds besides Deno. */
export interface CompiledBinary {
  /** The file with which it starts. */
  readonly entryPoint: string;
  /** What it may do, as Deno writes it: `[]` is all, `null` is nothing. */
  readonly permissions: Readonly<Record<string, unknown>>;
  /** Its files. */
  readonly files: readonly EmbeddedFile[];
  /** All of that as it stands there, with what Deno has made of the files. The rest is Deno. */
  readonly section: Uint8Array;
}

const MAGIC = "d3n0l4nd";

const metadataSchema = z.object({
  entrypoint_key: z.string(),
  permissions: z.record(z.string(), z.unknown()),
});

/** A file has its place among the bytes as `[offset, length]`; a directory has entries. */
type Entry =
  | { File: { n: string; o: [number, number] } }
  | { Dir: { n: string; e: Entry[] } };

const entrySchema: z.ZodType<Entry> = z.lazy(() =>
  z.union([
    z.object({ File: z.object({ n: z.string(), o: z.tuple([z.number(), z.number()]) }) }),
    z.object({ Dir: z.object({ n: z.string(), e: z.array(entrySchema) }) }),
  ])
);

/**
 * Reads what a binary holds.
 *
 * @param name What to call the binary in messages.
 * @throws {InputError} If it is none of `deno compile`, or of a version that writes another format.
 */
export function readCompiledBinary(name: string, binary: Uint8Array): CompiledBinary {
  try {
    return read(Buffer.from(binary.buffer, binary.byteOffset, binary.byteLength));
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new InputError(`${name} is not as deno compile 2.9 writes it: ${why}`);
  }
}

function read(binary: Buffer): CompiledBinary {
  const start = findSection(binary);
  let position = start + MAGIC.length;
  const next = (length: number): Buffer => {
    if (position + length > binary.length) throw new RangeError("it ends too early");
    return binary.subarray(position, position += length);
  };
  const block = (): Buffer => next(Number(next(8).readBigUInt64LE()));

  const { entrypoint_key, permissions } = metadataSchema.parse(JSON.parse(block().toString()));
  block(); // npm's packages
  if (next(12).some((byte) => byte !== 0)) throw new Error("it holds modules from the web");
  const directory = block().toString();
  const data = block();
  if (next(MAGIC.length).toString("latin1") !== MAGIC) throw new Error("its end is not there");
  const files = filesOf(z.array(entrySchema).parse(JSON.parse(directory)), "", data);
  return {
    entryPoint: entrypoint_key,
    permissions,
    files,
    section: binary.subarray(start, position),
  };
}

/** Deno's own code holds the magic word, too; here it stands before a length and an object. */
function findSection(binary: Buffer): number {
  let start = binary.indexOf(MAGIC);
  while (start !== -1 && binary[start + MAGIC.length + 8] !== "{".charCodeAt(0)) {
    start = binary.indexOf(MAGIC, start + 1);
  }
  if (start === -1) throw new Error("no files are in it");
  return start;
}

function filesOf(entries: readonly Entry[], folder: string, data: Buffer): EmbeddedFile[] {
  return entries.flatMap((entry) => {
    if ("Dir" in entry) return filesOf(entry.Dir.e, `${folder}${entry.Dir.n}/`, data);
    const { n, o: [offset, length] } = entry.File;
    if (offset + length > data.length) throw new RangeError(`${n} lies outside of its bytes`);
    return [{ path: `${folder}${n}`, bytes: data.subarray(offset, offset + length) }];
  });
}
