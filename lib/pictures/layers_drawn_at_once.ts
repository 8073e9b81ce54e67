/**
 * How many layers are written and drawn at a time, while the next one is computed.
 *
 * @module
 */

/** What is to be drawn, as far as its size hangs on it: a plan is one. */
export interface DrawnSizes {
  /** The SAEs. */
  readonly checkpoints: readonly { readonly shape: { readonly featureCount: number } }[];
  /** The questions, of which the number of groups counts. */
  readonly sample: { readonly groupSizes: readonly number[] };
}

/** As many as are drawn at a time by few threads, or of large SAEs. */
const USUAL = 2;
/** So many threads have more to draw than two layers. */
const MANY_THREADS = 4;
/** Layers for each of them: a layer has one long picture, and others that are drawn sooner. */
const LAYERS_OF_THREAD = 1.5;
/** What the numbers of these layers may take together where they are more than the usual ones, in bytes. */
const MOST_BYTES = 128 * 2 ** 20;
/**
 * What is held of a layer for each feature and group, in bytes, about: means, maxima, shares and sums; and
 * the measures, where it is measured how selective features are.
 */
const BYTES = { numbers: 32, measures: 224 } as const;

/**
 * How many layers are written and drawn at a time: two with up to three threads that draw. With more it is
 * one and a half for each, twelve with eight, of which the numbers take 25 MiB where an SAE has 10,000
 * features and there are 6 groups; and where they took more than 128 MiB, as few as do not, but two.
 *
 * @param threads How many threads draw.
 * @param isMeasured Whether it is measured how selective features are. Default: no.
 */
export function layersDrawnAtOnce(
  threads: number,
  { checkpoints, sample }: DrawnSizes,
  isMeasured: boolean = false,
): number {
  if (threads < MANY_THREADS) return USUAL;
  const features = Math.max(0, ...checkpoints.map(({ shape }) => shape.featureCount));
  const bytes = (BYTES.numbers + (isMeasured ? BYTES.measures : 0)) * features *
    sample.groupSizes.length;
  return Math.max(USUAL, Math.floor(Math.min(LAYERS_OF_THREAD * threads, MOST_BYTES / bytes)));
}
