/**
 * What lists of the strongest features would share if the relations' names meant nothing.
 *
 * The activations of all features are not kept question by question, so that the names cannot be
 * permuted here. But the mean of n of N questions drawn at random has a known mean and spread, and is
 * nearly normal: the means of all groups are drawn by that law, feature by feature.
 *
 * @module
 */
import { NormalDraws } from "../stats/normal_draws.ts";
import { listOf, pairsOf } from "./lists.ts";
import { cell, type Site } from "./site.ts";

/** What two lists share, drawn again and again. */
export interface UnlabelledOverlaps {
  /** The mean over the draws, each the mean over the pairs of lists. */
  readonly mean: number;
  /** Of 95 % of the draws, the lowest. */
  readonly low: number;
  /** Of 95 % of the draws, the highest. */
  readonly high: number;
  /** How many draws there were. */
  readonly draws: number;
}

/** How many times means are drawn. */
const DRAWS = 199;
/** The seed of the draws. */
const SEED = 3;
/** A feature whose mean lies so many standard deviations too low is on no list. */
const FAR = 6;

/** The mean and the standard deviation of each free feature over all questions. */
function momentsOf(site: Site): { mean: number; deviation: number }[] {
  const { record: { groups }, measures } = site.found;
  const { n_in: nIn, n_out: nOut } = groups[0]!;
  const n = nIn + nOut;
  return Array.from({ length: site.freeCount }, (_, feature) => {
    const at = cell(site, 0, feature);
    const [meanIn, meanOut] = [measures.mean_in[at]!, nOut === 0 ? 0 : measures.mean_out[at]!];
    const squares = (sd: number, count: number) => count < 2 ? 0 : (count - 1) * sd * sd;
    const within = squares(measures.sd_in[at]!, nIn) + squares(measures.sd_out[at]!, nOut);
    const between = nIn * nOut / n * (meanIn - meanOut) ** 2;
    return {
      mean: (nIn * meanIn + nOut * meanOut) / n,
      deviation: n < 2 ? 0 : Math.sqrt((within + between) / (n - 1)),
    };
  });
}

/** The mean number of features that two lists share, drawn again and again. */
export function unlabelledOverlaps(site: Site, length: number): UnlabelledOverlaps {
  const sizes = site.found.record.groups.map(({ n_in }) => n_in);
  const moments = momentsOf(site);
  const fewest = Math.min(...sizes);
  const reach = (deviation: number) => FAR * deviation / Math.sqrt(fewest);
  const sure = moments.map(({ mean, deviation }) => mean - reach(deviation)).sort((a, b) => b - a);
  const border = sure[Math.min(length, sure.length) - 1]!;
  const near = moments.filter(({ mean, deviation }) => mean + reach(deviation) >= border);
  const random = new NormalDraws(SEED);
  const pairs = pairsOf(sizes.length);
  const overlaps = Array.from({ length: DRAWS }, () => {
    const means = drawMeans(near, sizes, random);
    const lists = means.map((row) => new Set(listOf(row, length)));
    const shared = pairs.map(([one, other]) =>
      [...lists[one]!].filter((feature) => lists[other]!.has(feature)).length
    );
    return shared.reduce((sum, count) => sum + count, 0) / pairs.length;
  }).sort((a, b) => a - b);
  return {
    mean: overlaps.reduce((sum, overlap) => sum + overlap, 0) / DRAWS,
    low: overlaps[Math.round(0.025 * (DRAWS + 1)) - 1]!,
    high: overlaps[Math.round(0.975 * (DRAWS + 1)) - 1]!,
    draws: DRAWS,
  };
}

/**
 * The means of all groups, `[groups][features]`: the questions are dealt out without replacement, so
 * that the groups' deviations, weighted by their sizes, add up to 0.
 */
function drawMeans(
  features: readonly { mean: number; deviation: number }[],
  sizes: readonly number[],
  random: NormalDraws,
): Float64Array[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const means = sizes.map(() => new Float64Array(features.length));
  features.forEach(({ mean, deviation }, feature) => {
    const free = sizes.map((size) => random.next() / Math.sqrt(size));
    const together = free.reduce((sum, each, group) => sum + sizes[group]! * each, 0) / total;
    free.forEach((each, group) => means[group]![feature] = mean + deviation * (each - together));
  });
  return means;
}
