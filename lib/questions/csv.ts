/**
 * Tables of text: cells between commas (or another delimiter), rows on lines, and cells in quotation
 * marks that may hold both.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc4180
 *
 * @module
 */
import { InputError } from "../base/errors.ts";

/** A row of a table. */
export interface CsvRow {
  /** The line on which it begins, from 1, as an editor counts lines. */
  readonly line: number;
  /** Its cells. */
  readonly cells: readonly string[];
}

/** The delimiters that a header is searched for, by their names; of two as frequent, the first. */
export const DELIMITERS: Readonly<Record<string, string>> = {
  comma: ",",
  semicolon: ";",
  tab: "\t",
};

/**
 * The rows of a table, blank lines left out. Lines end with CRLF, LF or CR.
 *
 * @param path What to call the file in messages.
 * @throws {InputError} If a quotation mark is not closed, or text follows one that is; the line is
 * named.
 */
export function* parseCsv(text: string, delimiter: string, path: string): Generator<CsvRow> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row: CsvRow & { cells: string[] } = { line, cells: [] };
    let isQuoted: boolean;
    do {
      isQuoted = text[at] === '"';
      const end = isQuoted
        ? closingQuote(text, at, { path, line })
        : endOfCell(text, at, delimiter);
      const written = isQuoted ? text.slice(at + 1, end) : text.slice(at, end);
      row.cells.push(isQuoted ? written.replaceAll('""', '"') : written);
      line += lineEndsIn(written);
      at = isQuoted ? end + 1 : end;
    } while (text[at] === delimiter && ++at > 0);
    if (at < text.length && !isLineEnd(text[at])) {
      throw new InputError(
        `${path}:${line}: text follows a closing quotation mark; within a cell in quotation marks, ` +
          'write each of its own as two ("")',
      );
    }
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
    if (row.cells.length > 1 || row.cells[0] !== "" || isQuoted) yield row;
  }
}

/** Where the quotation mark is that closes the one at a place; two in a row are one of the cell's. */
function closingQuote(
  text: string,
  opening: number,
  { path, line }: { path: string; line: number },
): number {
  for (let at = opening + 1;; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1) {
      throw new InputError(`${path}:${line}: a quotation mark is opened and never closed`);
    }
    if (text[at + 1] !== '"') return at;
  }
}

function endOfCell(text: string, start: number, delimiter: string): number {
  let at = start;
  while (at < text.length && text[at] !== delimiter && !isLineEnd(text[at])) at++;
  return at;
}

function isLineEnd(character: string | undefined): boolean {
  return character === "\n" || character === "\r";
}

function lineEndsIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/**
 * The delimiter of a table: of those that are known, the most frequent in its first row, outside of
 * quotation marks.
 *
 * @param usual What parts the cells of such a file as a rule: it does where the first row holds it,
 * or no delimiter at all. Default: a comma, which has to be the most frequent.
 */
export function delimiterOf(text: string, usual?: string): string {
  const header = /^(?:"[^"]*"|[^"\r\n])*/.exec(text)![0].replaceAll(/"[^"]*"/g, "");
  if (usual !== undefined && header.includes(usual)) return usual;
  const [best] = Object.values(DELIMITERS)
    .map((delimiter) => ({ delimiter, count: header.split(delimiter).length - 1 }))
    .sort((a, b) => b.count - a.count); // which keeps the order of equals
  return best!.count === 0 && usual !== undefined ? usual : best!.delimiter;
}

/**
 * What the first line of a table says parts its cells, if it is one that is written for a spreadsheet,
 * such as `sep=;`. It belongs to no row.
 */
export function declaredDelimiter(text: string): string | undefined {
  return /^sep=([^"\r\n])(?:[\r\n]|$)/i.exec(text)?.[1];
}
