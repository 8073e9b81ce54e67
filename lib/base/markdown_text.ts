/**
 * Text that comes from files, on a page of Markdown.
 *
 * @module
 */
import { visibleText } from "./visible_text.ts";

/** Signs of Markdown; an underscore is one only at the edge of a word. */
const SIGNS = /[\\`*<>[\]~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** A text as it is read: signs of Markdown and unseen characters are text on the page. */
export function markdownText(text: string): string {
  return visibleText(text).replaceAll(SIGNS, "\\$&");
}
