/**
 * How far a decoder has to be computed for the sites asked for: which of its parts take part.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import type { Block, Decoder, Weighted, WeightShapes } from "./decoder.ts";
import { deepestSite, type Site, siteText } from "./site.ts";

/** The last block of which anything is computed for a site; -1 if none is. */
export function lastBlockOf(site: Site, blockCount: number): number {
  if (site.point === "final") return blockCount - 1;
  return site.point === "pre" ? site.block - 1 : site.block;
}

/** How far a block is computed: its attention, its MLP as well. */
export interface BlockDepth {
  /** The block. */
  readonly block: Block;
  /** Whether its MLP is computed. */
  readonly hasMlp: boolean;
}

/** The blocks that a site needs, in order. */
export function blocksOf(decoder: Decoder, site: Site): BlockDepth[] {
  const last = lastBlockOf(site, decoder.config.n_layer);
  const endsEarly = site.point === "attn_out" || site.point === "mid";
  return Array.from({ length: last + 1 }, (_, index) => {
    return { block: decoder.block(index), hasMlp: !(endsEarly && index === last) };
  });
}

/** Blocks that are computed together: from the first up to but not including `end`. */
export interface Stage {
  /** The first; with block 0 comes the embedding. */
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
}

/**
 * The weights that some sites need: their names, without a prefix, and their shapes, in the order in
 * which they are used.
 *
 * @param sites At least one.
 * @param stage The blocks that count. Default: all that the sites need.
 */
export function weightShapes(
  decoder: Decoder,
  sites: readonly Site[],
  stage?: Stage,
): WeightShapes {
  const deepest = deepestSite(sites);
  const blocks = blocksOf(decoder, deepest);
  const { first, end } = stage ?? { first: 0, end: blocks.length };
  const parts: (Weighted | undefined)[] = first === 0 ? [decoder.embedding] : [];
  for (const { block, hasMlp } of blocks.slice(first, end)) {
    const { projection, output } = block.attention;
    parts.push(block.attentionNorm, projection, output, block.attentionOutputNorm);
    if (hasMlp) parts.push(block.mlpNorm, block.mlp, block.mlpOutputNorm);
  }
  if (deepest.point === "final" && end === blocks.length) parts.push(decoder.finalNorm);
  return new Map(parts.flatMap((part) => [...part?.weights ?? []]));
}

/**
 * Makes sure that a decoder has a site.
 *
 * @throws {UsageError} If there is no such block, or a block without the point.
 */
export function checkSite(decoder: Decoder, site: Site): void {
  if (site.point === "final") return;
  const { model_type, n_layer } = decoder.config;
  if (!(site.block >= 0 && site.block < n_layer)) {
    throw new UsageError(
      `there is no site ${siteText(site)}: the model has the blocks 0 to ${n_layer - 1}`,
    );
  }
  if (site.point !== "mid" || !decoder.block(site.block).isParallel) return;
  throw new UsageError(
    `there is no site ${
      siteText(site)
    }: this ${model_type} adds attention and MLP to the stream at ` +
      "once (parallel residual), so that nothing lies between them",
  );
}
