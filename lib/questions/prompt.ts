/**
 * How a question is put to a language model.
 *
 * @module
 */

/**
 * The prompt for a question, at whose last token the hidden states are read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { promptOf } from "@coact/coact";
 *
 * assert.equal(promptOf("Who?"), "Q: Who?\nA:");
 * ```
 */
export function promptOf(question: string): string {
  return `Q: ${question}\nA:`;
}
