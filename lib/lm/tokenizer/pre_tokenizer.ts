/**
 * Splits a text into words.
 *
 * Source: https://github.com/huggingface/tokenizers, pre_tokenizers and `NormalizedString::split`
 *
 * @module
 */
import type { Metaspace, PreTokenizerStep, SplitBehavior } from "./components.ts";
import { edited, sliceSpans, type Spans, spansOfBytes } from "./spans.ts";
import { compilePattern, GPT2_PATTERN } from "./split_patterns.ts";
import { bytesAsText, NUMBERS, SPACES } from "./unicode.ts";

/** A part of a text. */
export interface Piece {
  /** The part. */
  readonly text: string;
  /** Whether the whole text begins with it. */
  readonly isFirst: boolean;
  /** Where each of its units comes from, if that is asked for. */
  readonly spans?: Spans | undefined;
}

/** Splits a piece into smaller ones. */
export type PreTokenizer = (piece: Piece) => readonly Piece[];

/** A part that matches a pattern, or that is between two such. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly isMatch: boolean;
}

/** One function for all of the steps, in their order. */
export function makePreTokenizer(steps: readonly PreTokenizerStep[]): PreTokenizer {
  const functions = steps.map(makeStep);
  return (piece) => {
    let pieces: readonly Piece[] = [piece];
    for (const split of functions) {
      pieces = pieces.flatMap((piece) => split(piece).filter(({ text }) => text !== ""));
    }
    return pieces;
  };
}

function makeStep(step: PreTokenizerStep): PreTokenizer {
  switch (step.type) {
    case "ByteLevel":
      return byteLevel(step.add_prefix_space, step.use_regex);
    case "Metaspace":
      return metaspace(step);
    case "Digits":
      return splitBy(
        new RegExp(`[${NUMBERS}]`, "gu"),
        step.individual_digits ? "Isolated" : "Contiguous",
      );
    case "WhitespaceSplit":
      return splitBy(new RegExp(`[${SPACES}]`, "gu"), "Removed");
    case "Split": {
      const { pattern, behavior, invert } = step;
      const sought = "String" in pattern ? pattern.String : compilePattern(pattern.Regex);
      return splitBy(sought, behavior, invert);
    }
  }
}

function byteLevel(addPrefixSpace: boolean, useRegex: boolean): PreTokenizer {
  const split = useRegex ? splitBy(compilePattern(GPT2_PATTERN), "Isolated") : listOf;
  return (piece) => {
    const prefixed = addPrefixSpace && !piece.text.startsWith(" ") ? prepended(piece, " ") : piece;
    return split(prefixed).map(({ text, isFirst, spans }) => ({
      text: bytesAsText(text),
      isFirst,
      spans: spans && spansOfBytes({ text, spans }),
    }));
  };
}

function metaspace(
  { replacement, prepend_scheme = "always", add_prefix_space, split }: Metaspace,
): PreTokenizer {
  const scheme = add_prefix_space === false ? "never" : prepend_scheme;
  const splitAll = split ? splitBy(replacement, "MergedWithNext") : listOf;
  return (piece) => {
    const visible = withVisibleSpaces(piece, replacement);
    const prepends = scheme === "always" || (scheme === "first" && piece.isFirst);
    const isBare = prepends && !visible.text.startsWith(replacement);
    return splitAll(isBare ? prepended(visible, replacement) : visible);
  };
}

function withVisibleSpaces({ text, isFirst, spans }: Piece, replacement: string): Piece {
  const visible = text.replaceAll(" ", () => replacement);
  if (spans === undefined || replacement.length === 1) return { text: visible, isFirst, spans };
  const edits = Array.from(text.matchAll(/ /g), ({ index: start }) => {
    return { start, end: start + 1, text: replacement };
  });
  return { ...edited({ text, spans }, edits), isFirst };
}

/** A piece with something before it that the text does not have. */
function prepended({ text, isFirst, spans }: Piece, prefix: string): Piece {
  if (spans === undefined) return { text: prefix + text, isFirst };
  return { ...edited({ text, spans }, [{ start: 0, end: 0, text: prefix }]), isFirst };
}

function listOf(piece: Piece): Piece[] {
  return [piece];
}

/** Splits at what matches, which `behavior` says what becomes of. */
function splitBy(sought: string | RegExp, behavior: SplitBehavior, invert = false): PreTokenizer {
  return ({ text, isFirst, spans: from }) => {
    const found = typeof sought === "string" ? spansOfText(text, sought) : spansOf(text, sought);
    const spans = invert ? found.map((span) => ({ ...span, isMatch: !span.isMatch })) : found;
    return joined(spans, behavior).map(({ start, end }) => ({
      text: text.slice(start, end),
      isFirst: isFirst && start === 0,
      spans: from && sliceSpans(from, start, end),
    }));
  };
}

function spansOf(text: string, sought: RegExp): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const { index, 0: match } of text.matchAll(sought)) {
    if (at < index) spans.push({ start: at, end: index, isMatch: false });
    at = index + match.length;
    spans.push({ start: index, end: at, isMatch: true });
  }
  if (at < text.length) spans.push({ start: at, end: text.length, isMatch: false });
  return spans;
}

function spansOfText(text: string, sought: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (let found = text.indexOf(sought); found !== -1; found = text.indexOf(sought, at)) {
    if (at < found) spans.push({ start: at, end: found, isMatch: false });
    at = found + sought.length;
    spans.push({ start: found, end: at, isMatch: true });
  }
  if (at < text.length) spans.push({ start: at, end: text.length, isMatch: false });
  return spans;
}

/** What remains of spans, some joined to their neighbours; the rules are the library's, exactly. */
function joined(spans: readonly Span[], behavior: SplitBehavior): Span[] {
  switch (behavior) {
    case "Isolated":
      return [...spans];
    case "Removed":
      return spans.filter(({ isMatch }) => !isMatch);
    case "Contiguous":
      return joinedToPrevious(spans, (isMatch, previous) => isMatch === previous);
    case "MergedWithPrevious":
      return joinedToPrevious(spans, (isMatch, previous) => isMatch && !previous);
    case "MergedWithNext":
      return joinedToPrevious(spans.toReversed(), (isMatch, previous) => isMatch && !previous)
        .reverse();
  }
}

function joinedToPrevious(
  spans: readonly Span[],
  joins: (isMatch: boolean, previous: boolean) => boolean,
): Span[] {
  const all: Span[] = [];
  let previous = false;
  for (const span of spans) {
    const last = all.at(-1);
    if (last !== undefined && joins(span.isMatch, previous)) {
      const start = Math.min(last.start, span.start);
      all[all.length - 1] = { start, end: Math.max(last.end, span.end), isMatch: false };
    } else {
      all.push(span);
    }
    previous = span.isMatch;
  }
  return all;
}
