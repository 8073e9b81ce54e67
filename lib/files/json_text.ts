/**
 * Parts of JSON texts: what is wrong with one and where, and texts with escapes.
 *
 * @module
 */

/** What is wrong with a JSON text. */
export class JsonProblem extends Error {
  /** The name of the class. */
  override name = "JsonProblem";
  /** Where the text stops being JSON, in UTF-16 units; undefined if it is JSON, but unfit. */
  readonly offset: number | undefined;

  /**
   * Makes one.
   *
   * @param what What is wrong, such as `has two fields a`. Default: it is no JSON.
   */
  constructor(what: string = "is no JSON", offset?: number) {
    super(what);
    this.offset = offset;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** The text that is written between two quotation marks with escapes, which have been checked. */
export function unescapeJson(written: string): string {
  return written.replaceAll(
    /\\(?:u(....)|(.))/g,
    (_, hex: string | undefined, kind: string) =>
      hex === undefined ? ESCAPES[kind] ?? kind : String.fromCharCode(parseInt(hex, 16)),
  );
}

/**
 * A place in a text for a reader, such as `line 3, column 14`; of a text of one line the column
 * alone. Both count from 1, columns in characters.
 */
export function placeIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  const column = `column ${[...lines.at(-1)!].length + 1}`;
  return text.trimEnd().includes("\n") ? `line ${lines.length}, ${column}` : column;
}
