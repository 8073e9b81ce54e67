/**
 * Whether float32 carries what a decoder computes. Weights that are too large let the squares in a
 * norm overflow, for example; the states are then finite and wrong.
 *
 * A norm makes a bound possible that holds for every prompt: whatever comes in, its output has no
 * greater length than √d_model times its greatest weight, plus its bias. From there each matrix adds
 * at most a product of extremes, and the residual stream is a sum of such additions. The bound is a
 * million times above what a model really gives, and far below what float32 carries.
 *
 * @module
 */
import { Bounds, type Extent, type Overflow } from "./bounds.ts";
import type { Attention, Decoder } from "./decoder.ts";
import { blocksOf } from "./decoder_depth.ts";
import { layerOfSite, type Site, siteText } from "./site.ts";

/**
 * Bounds everything that a decoder computes on its way to a site, for every prompt there is.
 *
 * @param deepest The deepest site.
 * @param greatest The greatest magnitude in a weight, by its name without a prefix.
 * @returns The first that float32 may not hold; undefined if it holds everything.
 */
export function findOverflow(
  decoder: Decoder,
  deepest: Site,
  greatest: (name: string) => number,
): Overflow | undefined {
  const { n_embd: width, n_layer } = decoder.config;
  const bounds = new Bounds(greatest);
  const plus = (stream: Extent, { each }: Extent): Extent => {
    return { each: stream.each + each, sum: width * (stream.each + each) };
  };
  let stream = decoder.embedding.bound(bounds);
  for (const { block, hasMlp } of blocksOf(decoder, deepest)) {
    const { attentionNorm, attention, attentionOutputNorm, mlpNorm, mlp, mlpOutputNorm } = block;
    const heads = boundHeads(bounds, attention, attentionNorm.bound(bounds, stream));
    const attended = attention.output.bound(bounds, heads);
    const mid = plus(stream, attentionOutputNorm?.bound(bounds, attended) ?? attended);
    if (hasMlp) {
      const added = mlp.bound(bounds, mlpNorm.bound(bounds, block.isParallel ? stream : mid));
      stream = plus(mid, mlpOutputNorm?.bound(bounds, added) ?? added);
    } else {
      stream = mid;
    }
  }
  if (deepest.point === "final") {
    const { name, bound } = decoder.finalNorm;
    bounds.reaches(`the output of ${name}`, bound(bounds, stream).sum);
  }
  bounds.reaches(stateName(deepest, n_layer), stream.each);
  return bounds.overflow;
}

/** What the heads give is a mean of values, and no greater than the greatest of them. */
function boundHeads(
  bounds: Bounds,
  { name, heads, headSize, scale, projection }: Attention,
  input: Extent,
): Extent {
  const { queries, keys, values } = projection.bound(bounds, input);
  bounds.reaches(
    `the attention scores of ${name}`,
    headSize * queries * keys * Math.max(1, scale),
  );
  return { each: values, sum: heads * headSize * values };
}

/** The state at a site as messages name it: `hidden_states[3]`, where there is such a one. */
export function stateName(site: Site, blockCount: number): string {
  const layer = layerOfSite(site, blockCount);
  return layer === undefined ? `the state at ${siteText(site)}` : `hidden_states[${layer}]`;
}
