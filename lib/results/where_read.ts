/**
 * Where in a prompt the features of a result were read, in words.
 *
 * @module
 */
import { visibleText } from "../base/visible_text.ts";
import type { LayerRecord } from "./layer_record.ts";

/** The position that was asked for, as a reader may see it; undefined if it is the last token. */
export function positionOf({ provenance }: Pick<LayerRecord, "provenance">): string | undefined {
  const { position } = provenance.options;
  return position === undefined ? undefined : visibleText(String(position));
}

/** At which token, or tokens, of a prompt the states are: `at the prompt's last token`. */
export function whereText(position: string | undefined): string {
  if (position === undefined) return "at the prompt's last token";
  return isPooled(position)
    ? `pooled over the prompt's tokens (${position})`
    : `at the token ${position}`;
}

/** The same of features: `read at the prompt's last token`, `pooled over the prompt's tokens (mean)`. */
export function readText(position: string | undefined): string {
  const isRead = position === undefined || !isPooled(position);
  return `${isRead ? "read " : ""}${whereText(position)}`;
}

/** What has to be known of numbers that are not those at the last token; undefined if they are. */
export function whereNote(position: string | undefined): string | undefined {
  if (position === undefined) return undefined;
  const said = `Features are ${readText(position)}`;
  if (position === "any") {
    return `${said}: each is 1 where it is above 0 at any of them, and 0 elsewhere.`;
  }
  return isPooled(position) ? `${said}.` : `${said}; the number of tokens is that up to it.`;
}

function isPooled(position: string): boolean {
  return ["mean", "max", "any"].includes(position);
}
