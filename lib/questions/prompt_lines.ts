/**
 * The lines of a file of prompts: JSON objects, one a line, or the rows of a table (CSV).
 *
 * @module
 */
import { createHash } from "node:crypto";
import { extname } from "node:path";
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { type ByteSource, decodeText } from "../files/byte_source.ts";
import { parseBounded } from "../files/json.ts";
import { readLines } from "../files/text_lines.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { declaredDelimiter, delimiterOf, DELIMITERS, parseCsv } from "./csv.ts";
import { type Fields, type PromptLine, WrittenNumber } from "./fields.ts";

/** What a file of prompts is read as. */
export interface LineFormat {
  /** What parts the cells of a table, which the file then is. Default: as the header shows. */
  readonly delimiter?: string | undefined;
}

/** The lines of a file, and what it is. */
export interface PromptLines {
  /** The lines that are not blank. */
  readonly lines: readonly PromptLine[];
  /** The SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** What parts the cells; undefined if the file is no table. */
  readonly delimiter: string | undefined;
  /** What would part them if nobody said it; undefined if the file would then be no table. */
  readonly ownDelimiter: string | undefined;
}

/** What a name ends with that says that the file is a table, and what parts its cells as a rule. */
const TABLES: ReadonlyMap<string, string | undefined> = new Map([
  [".csv", undefined],
  [".tsv", "\t"],
  [".tab", "\t"],
]);
/** The most rows of a table. */
const MAX_ROWS = 1_000_000;

/** Whether a file is read as a table. */
export function isTable(path: string, { delimiter }: LineFormat = {}): boolean {
  return delimiter !== undefined || TABLES.has(extname(path).toLowerCase());
}

/**
 * Reads the lines of a file of prompts.
 *
 * @param observer Told what parts the cells, where that is no comma and was not said.
 * @throws {InputError} If a line is malformed; it is named.
 */
export async function readPromptLines(
  source: ByteSource,
  format: LineFormat = {},
  observer: Observer = SILENT,
): Promise<PromptLines> {
  return isTable(source.name, format)
    ? await readTable(source, format, observer)
    : await readObjects(source);
}

async function readObjects(source: ByteSource): Promise<PromptLines> {
  const hash = createHash("sha256");
  const lines: PromptLine[] = [];
  for await (const { number, text } of readLines(source, (bytes) => hash.update(bytes))) {
    if (text.trim() === "") continue;
    const where = `${source.name}:${number}`;
    const value = parseBounded(text, where, "JSON object on a line of its own", {
      number: (written) => new WrittenNumber(written),
    });
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value) &&
      !(value instanceof WrittenNumber);
    if (!isObject) throw new InputError(`${where} is no JSON object on a line of its own`);
    lines.push({ line: number, fields: fieldsOfObject(value as Record<string, unknown>) });
  }
  return {
    lines,
    sha256: hash.digest("hex"),
    delimiter: undefined,
    ownDelimiter: undefined,
  };
}

function fieldsOfObject(object: Readonly<Record<string, unknown>>): Fields {
  return {
    get: (name) => Object.hasOwn(object, name) ? object[name] : undefined,
    get names() {
      return Object.keys(object);
    },
  };
}

async function readTable(
  source: ByteSource,
  format: LineFormat,
  observer: Observer,
): Promise<PromptLines> {
  const path = source.name;
  const bytes = await source.read(0, source.byteLength);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const text = textOfTable(bytes, path);
  const declared = declaredDelimiter(text);
  const usual = TABLES.get(extname(path).toLowerCase());
  const ownDelimiter = isTable(path) ? declared ?? delimiterOf(text, usual) : undefined;
  const delimiter = format.delimiter ?? ownDelimiter!; // a file is read as a table for one or the other
  if (format.delimiter === undefined && delimiter !== ",") {
    const name = Object.keys(DELIMITERS).find((name) => DELIMITERS[name] === delimiter);
    const shows = declared !== undefined
      ? "its first line says"
      : delimiter === usual
      ? "its name says"
      : "its header shows";
    observer.note(`${path}: its cells are parted by a ${name ?? delimiter}, as ${shows}`);
  }
  const lines: PromptLine[] = [];
  let header: { names: readonly string[]; columns: UntrustedMap<number> } | undefined;
  for (const { line, cells } of parseCsv(text, delimiter, path)) {
    if (line === 1 && declared !== undefined) continue;
    if (header === undefined) {
      header = readHeader(cells, `${path}:${line}`);
      continue;
    }
    const { names, columns } = header;
    if (cells.length !== names.length) {
      throw new InputError(
        `${path}:${line}: ${count(cells.length, "cell")}, but the header has ` +
          `${names.length}; a cell that holds the delimiter or a line end needs quotation marks`,
      );
    }
    if (lines.length === MAX_ROWS) throw new InputError(`${path} has over ${MAX_ROWS} rows`);
    lines.push({ line, fields: { names, get: (name) => cells[columns.get(name) ?? -1] } });
  }
  return { lines, sha256, delimiter, ownDelimiter };
}

/** Spreadsheets write other encodings than UTF-8 unless they are asked for it. */
function textOfTable(bytes: Uint8Array, path: string): string {
  try {
    return decodeText(bytes, path);
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(`${error.message}; a spreadsheet writes it as "CSV UTF-8"`)
      : error;
  }
}

function readHeader(
  names: readonly string[],
  where: string,
): { names: readonly string[]; columns: UntrustedMap<number> } {
  const columns = new UntrustedMap<number>();
  names.forEach((name, column) => {
    if (name === "") return; // nobody can ask for it
    if (columns.has(name)) throw new InputError(`${where}: two columns are named ${name}`);
    columns.set(name, column);
  });
  return { names, columns };
}

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`;
}
