/**
 * How long the vectors are that the features of a decoder write.
 *
 * @module
 */
import { doubt, type Finding } from "./finding.ts";

/** The lengths of what the features of a decoder write. */
export interface DecoderLengths {
  /** The least. */
  readonly least: number;
  /** The one in the middle. */
  readonly median: number;
  /** The greatest. */
  readonly greatest: number;
  /** How many features write nothing at all. */
  readonly empty: number;
}

/** What the lengths of all features come to. */
export function summarizeLengths(lengths: Float64Array): DecoderLengths {
  const sorted = lengths.toSorted();
  return {
    least: sorted[0] ?? 0,
    median: sorted[sorted.length >> 1] ?? 0,
    greatest: sorted.at(-1) ?? 0,
    empty: lengths.reduce((count, length) => count + (length === 0 ? 1 : 0), 0),
  };
}

/** Features that write nothing: they can be active, and change nothing. */
export function checkLengths({ empty }: DecoderLengths, featureCount: number): Finding[] {
  if (empty === 0) return [];
  return [
    doubt(`${empty} of ${featureCount} features have a decoder of zeros: they write nothing`),
  ];
}
