/**
 * What a model sees of a prompt, as a table for a reader.
 *
 * @module
 */
import type { SeenPrompt } from "../states/tokens_to_files.ts";
import { visibleText } from "../base/visible_text.ts";
import { countedTokens } from "../prompts/encoded_prompt.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";

/**
 * The lines of a table: the position, the id and the token of each, and what it holds of the text.
 * The token whose state is read is marked, or those that are pooled.
 *
 * @param tokenizer What made the tokens, or names them; undefined if nothing does.
 */
export function tokenTable(
  { prompt, ids, line, choice }: SeenPrompt,
  tokenizer: Tokenizer | undefined,
): string[] {
  const held = tokenizer === undefined || prompt.text === undefined
    ? undefined
    : heldBytes(prompt.text, tokenizer);
  const counted = countedTokens({ choice });
  const rows = ids.map((id, position) => [
    counted.includes(position) ? ">" : "",
    String(position),
    String(id),
    visibleText(tokenizer?.tokenOf(id) ?? ""),
    held?.[position] ?? "",
  ]);
  const header = ["", "position", "id", "token", held === undefined ? "" : "text"];
  const which = "token" in choice
    ? `position ${choice.token}`
    : `${choice.pooling} of ${choice.tokens.length}`;
  return [
    `line ${line}: ${ids.length} ${ids.length === 1 ? "token" : "tokens"}, ${which}`,
    ...aligned([header, ...rows]),
  ];
}

/** What each token holds of a text: in quotation marks, or as bytes where characters are cut. */
function heldBytes(text: string, tokenizer: Tokenizer): string[] {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return tokenizer.encodeSpans(text).map(({ start, end }) => {
    if (start === end) return "(added)";
    const part = bytes.subarray(start, end);
    try {
      return visibleText(JSON.stringify(decoder.decode(part)));
    } catch {
      return Array.from(part, (byte) => `<${byte.toString(16).toUpperCase()}>`).join("");
    }
  });
}

/** Cells under each other: numbers to the right, texts to the left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => [...row[column]!].length))
  );
  return rows.map((row) =>
    row.map((cell, column) => {
      const space = " ".repeat(widths[column]! - [...cell].length);
      return column === 1 || column === 2 ? space + cell : cell + space;
    }).join("  ").trimEnd()
  );
}
