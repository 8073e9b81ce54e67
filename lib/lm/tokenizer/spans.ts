/**
 * Where a changed text comes from: for each of its UTF-16 units, the bytes of the text as it was
 * written. Each step of a tokenizer that changes a text changes these with it.
 *
 * @module
 */

/** Of each UTF-16 unit of a text, which bytes (UTF-8) of the written text it stands for. */
export interface Spans {
  /** Where they begin. */
  readonly starts: Int32Array;
  /** Where they end; where they begin, for what was put in. */
  readonly ends: Int32Array;
}

/** A text, and where it comes from. */
export interface SpannedText {
  /** The text. */
  readonly text: string;
  /** Where each of its units comes from. */
  readonly spans: Spans;
}

/** A part of a text that becomes another one: the units from `start` up to but not `end`. */
export interface Edit {
  /** Its first unit. */
  readonly start: number;
  /** The first unit behind it; `start` where something is put in. */
  readonly end: number;
  /** What it becomes. */
  readonly text: string;
}

/** How many bytes the character has that begins at a unit, and how many units. */
function sizeOf(text: string, at: number): { bytes: number; units: number } {
  const code = text.codePointAt(at)!;
  if (code < 0x80) return { bytes: 1, units: 1 };
  if (code < 0x800) return { bytes: 2, units: 1 };
  return code < 0x10000 ? { bytes: 3, units: 1 } : { bytes: 4, units: 2 };
}

/**
 * A text as it was written.
 *
 * @param firstByte Where it begins in the whole. Default: at its beginning.
 */
export function writtenText(text: string, firstByte: number = 0): SpannedText {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  for (let at = 0, byte = firstByte; at < text.length;) {
    const { bytes, units } = sizeOf(text, at);
    starts.fill(byte, at, at + units);
    ends.fill(byte + bytes, at, at + units);
    at += units;
    byte += bytes;
  }
  return { text, spans: { starts, ends } };
}

/** The spans of a part of a text. */
export function sliceSpans({ starts, ends }: Spans, start: number, end: number): Spans {
  return { starts: starts.subarray(start, end), ends: ends.subarray(start, end) };
}

/** A text with parts of it changed, which come in their order and do not overlap. */
export function edited({ text, spans }: SpannedText, edits: readonly Edit[]): SpannedText {
  let changed = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let done = 0;
  const keep = (end: number) => {
    changed += text.slice(done, end);
    for (; done < end; done++) {
      starts.push(spans.starts[done]!);
      ends.push(spans.ends[done]!);
    }
  };
  for (const edit of edits) {
    keep(edit.start);
    const [start, end] = spanOf(spans, edit);
    changed += edit.text;
    for (let i = 0; i < edit.text.length; i++) {
      starts.push(start);
      ends.push(end);
    }
    done = edit.end;
  }
  keep(text.length);
  return { text: changed, spans: { starts: Int32Array.from(starts), ends: Int32Array.from(ends) } };
}

/** The bytes of a part; of what is put in, none, between its neighbours. */
function spanOf({ starts, ends }: Spans, { start, end }: Edit): readonly [number, number] {
  if (start < end) return [starts[start]!, ends[end - 1]!];
  const at = start < starts.length ? starts[start]! : ends.at(-1) ?? 0;
  return [at, at];
}

/** The spans of a text's bytes: of each character as many as it has bytes in UTF-8. */
export function spansOfBytes({ text, spans }: SpannedText): Spans {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < text.length;) {
    const { bytes, units } = sizeOf(text, at);
    for (let byte = 0; byte < bytes; byte++) {
      const [start, end] = spanOfByte({ text, spans }, at, byte);
      starts.push(start);
      ends.push(end);
    }
    at += units;
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

/**
 * The span of one byte of the character that begins at a unit: the byte itself, or all that the
 * character comes from where that has another number of bytes.
 */
export function spanOfByte(
  { text, spans: { starts, ends } }: SpannedText,
  at: number,
  byte: number,
): readonly [start: number, end: number] {
  const { bytes, units } = sizeOf(text, at);
  const [start, end] = [starts[at]!, ends[at + units - 1]!];
  return end - start === bytes ? [start + byte, start + byte + 1] : [start, end];
}
