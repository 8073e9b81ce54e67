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
