/**
 * Looks at all weights of an SAE once.
 *
 * @module
 */
import type { Sae, SaeDecoder } from "../sae.ts";
import { checkLengths, type DecoderLengths, summarizeLengths } from "./decoder_lengths.ts";
import { checkDoubles, Doubles } from "./doubles.ts";
import { checkCosines, rowCosines } from "./encoder_cosines.ts";
import type { Finding } from "./finding.ts";

/** How many numbers are read at a time. */
const NUMBERS_AT_ONCE = 2 ** 22;

/** What the weights of an SAE are like. */
export interface WeightExamination {
  /** The lengths of what features write; undefined without a decoder. */
  readonly lengths: DecoderLengths | undefined;
  /** How many features write in the direction of another one, at least; undefined without a decoder. */
  readonly doubles: number | undefined;
  /** The mean cosine between what features read and write; undefined where these differ in kind. */
  readonly cosine: number | undefined;
  /** What is to be said of it. */
  readonly findings: readonly Finding[];
}

/**
 * Reads an SAE's encoder and decoder through, by ranges of features.
 *
 * @param decoder The decoder, if the files hold one.
 * @throws {InputError} If a weight is damaged or not finite.
 */
export async function examineWeights(
  sae: Sae,
  decoder: SaeDecoder | undefined,
): Promise<WeightExamination> {
  if (decoder === undefined) {
    return { lengths: undefined, doubles: undefined, cosine: undefined, findings: [] };
  }
  const { width, featureCount } = decoder;
  const lengths = new Float64Array(featureCount);
  const doubles = new Doubles(width, featureCount);
  const cosines = decoder.predicts || width !== sae.width
    ? undefined
    : new Float64Array(featureCount);
  const step = Math.max(1, Math.floor(NUMBERS_AT_ONCE / width));
  for (let start = 0; start < featureCount; start += step) {
    const end = Math.min(featureCount, start + step);
    const written = await decoder.read({ start, end });
    lengths.set(lengthsOf(written, width), start);
    doubles.add(written);
    cosines?.set(rowCosines(encoderRows(sae, start, end), written, width), start);
  }
  const summary = summarizeLengths(lengths);
  const count = doubles.count;
  return {
    lengths: summary,
    doubles: count,
    cosine: cosines && cosines.reduce((sum, x) => sum + x, 0) / featureCount,
    findings: [
      ...checkLengths(summary, featureCount),
      ...checkDoubles(count, featureCount),
      ...(cosines === undefined ? [] : checkCosines(cosines, width)),
    ],
  };
}

/** What some features read, `[features, width]`. */
function encoderRows({ weight, width }: Sae, start: number, end: number): Float32Array {
  return weight.subarray(start * width, end * width);
}

function lengthsOf(rows: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, row) => {
    let squares = 0;
    for (let i = row * width; i < (row + 1) * width; i++) squares += rows[i]! ** 2;
    return Math.sqrt(squares);
  });
}
