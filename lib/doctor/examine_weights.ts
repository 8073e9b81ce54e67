/**
 * Looks at all weights of an SAE once.
 *
 * @module
 */
import { type FeatureRows, withRows } from "../sae/feature_rows.ts";
import { eachPiece, rangesOf } from "../sae/feature_ranges.ts";
import type { Sae, SaeDecoder } from "../sae/sae.ts";
import { checkLengths, type DecoderLengths, summarizeLengths } from "./decoder_lengths.ts";
import { checkDoubles, Doubles } from "./doubles.ts";
import { checkCosines, rowCosines } from "./encoder_cosines.ts";
import type { Finding } from "./finding.ts";

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
  if (sae.glu !== undefined) await readThrough(sae.glu.rows, sae);
  if (decoder === undefined) {
    await readThrough(sae.rows, sae);
    return { lengths: undefined, doubles: undefined, cosine: undefined, findings: [] };
  }
  const { width, featureCount } = decoder;
  const lengths = new Float64Array(featureCount);
  const doubles = new Doubles(width, featureCount);
  const cosines = decoder.predicts || width !== sae.width
    ? undefined
    : new Float64Array(featureCount);
  for (const range of rangesOf(decoder)) {
    await withRows(decoder.rows, range, async (written) => {
      lengths.set(lengthsOf(written, width), range.first);
      doubles.add(written);
      // Whether it is compared or not: it may be damaged.
      await withRows(sae.rows, range, (read) => {
        cosines?.set(rowCosines(read, written, width), range.first);
      });
    });
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

/** Whether it is whole and finite is seen by reading it. */
async function readThrough(rows: FeatureRows, { featureCount }: Sae): Promise<void> {
  await eachPiece(rows, featureCount, () => {});
}

function lengthsOf(rows: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, row) => {
    let squares = 0;
    for (let i = row * width; i < (row + 1) * width; i++) squares += rows[i]! ** 2;
    return Math.sqrt(squares);
  });
}
