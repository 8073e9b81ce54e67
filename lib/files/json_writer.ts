/**
 * Writes JSON that a person can read, its fields in the order in which they are given.
 *
 * @module
 */

/**
 * A value as JSON: the text of `JSON.stringify(value, null, 2)` and a line end. A `Map` is written
 * as an object. Its keys keep their order, while those of an object that look like numbers come
 * first.
 */
export function jsonText(value: unknown): string {
  return written(value, "\n") + "\n";
}

/** What ends a line for some readers of text, Python's `splitlines` among them, and not for JSON. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** A value as a line of a file of JSON lines, its end included: no other character in it ends a line. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(
    LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

/** @param lineEnd A line end and the indentation after it. */
function written(value: unknown, lineEnd: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${lineEnd}  `;
  const parts = Array.isArray(value)
    ? value.map((element) => written(element, inner))
    : [...(value instanceof Map ? value : Object.entries(value))]
      .filter(([, content]) => content !== undefined)
      .map(([name, content]) => `${JSON.stringify(name)}: ${written(content, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return parts.length === 0
    ? `${open}${close}`
    : `${open}${inner}${parts.join(`,${inner}`)}${lineEnd}${close}`;
}
