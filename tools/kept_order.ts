/**
 * The order of a list that follows from files: it stands in the list itself.
 *
 * @module
 */

/** What a list names. */
export interface Entry {
  /** Its name, which no other of the list has. */
  readonly name: string;
  /** What it is like: a new entry comes after the last of its kind. */
  readonly kind: string;
}

/**
 * A list with the names that it lacks. What is in it stays where it is; what is new comes after the
 * last of its kind, or at the end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const kinds = { top: "picture", slots: "picture", analyze: "command" };
 * const found = Object.entries(kinds).map(([name, kind]) => ({ name, kind }));
 * assert.deepEqual(withNew(["top", "analyze"], found), ["top", "slots", "analyze"]);
 * ```
 */
export function withNew(listed: readonly string[], found: readonly Entry[]): string[] {
  const kinds = new Map(found.map(({ name, kind }) => [name, kind]));
  const order = [...listed];
  for (const { name, kind } of found) {
    if (order.includes(name)) continue;
    const last = order.findLastIndex((other) => kinds.get(other) === kind);
    order.splice(last === -1 ? order.length : last + 1, 0, name);
  }
  return order;
}
