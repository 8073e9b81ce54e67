/**
 * The first pass of top-k on a GPU: finds each question's threshold by a radix select, which computes
 * p anew for every few bits of it and stores none.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import type { Kernel } from "../../compute/kernel.ts";
import { packParameters } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs, TopK } from "../top_k.ts";
import { paddedWidth, roundUp } from "./encode_chunks.ts";
import type { QuestionTile } from "./question_tiles.ts";
import { RadixSelect } from "./radix_select.ts";
import { SELECT_PROBLEM, type SelectPass, selectShader } from "./select_kernel.ts";
import { type EncodeTile, TILE_QUESTIONS, tileFeatures } from "./tile_product.ts";

/** What is to be selected from. */
export interface Selection {
  /** The SAE. */
  readonly sae: Sae;
  /** How many features of a question to keep. */
  readonly topK: TopK;
  /** The size of tile: that of the kernel that encodes. */
  readonly tile: EncodeTile;
  /** The hidden states of the tiles, as that kernel wants them. */
  readonly states: GPUBuffer;
  /** The tiles. */
  readonly tiles: readonly QuestionTile[];
}

/** How the features come to the GPU. */
export interface FeatureChunks {
  /** How many at a time. */
  readonly features: number;
  /**
   * Lends the encoder's rows of some, which are used again later.
   *
   * @param use Is told whether they were read and uploaded just now.
   */
  readonly lend: (
    range: FeatureRange,
    use: (encoder: GPUBuffer, isNew: boolean) => Promise<void>,
  ) => Promise<void>;
}

/**
 * Finds the cutoffs of the questions of some tiles.
 *
 * @param cutoffs Where they are written, by question.
 * @throws {GpuLostError} If the GPU was lost.
 */
export async function findCutoffs(
  gpu: Gpu,
  selection: Selection,
  chunks: FeatureChunks,
  cutoffs: Cutoffs,
): Promise<void> {
  const { sae: { featureCount }, topK, tiles } = selection;
  const places = tiles.length * TILE_QUESTIONS;
  const select = new RadixSelect(places, topK.k);
  const kernel = await gpu.prepare("select_top_k", selectShader(selection.tile, topK.by));
  using sizes = new DisposableStack();
  const tileSizes = sizes.adopt(
    gpu.uploaded("tiles", Uint32Array.from(tiles, (tile) => tile.count)),
    (buffer) => buffer.destroy(),
  );
  for (const pass of select.passes()) {
    using scope = new DisposableStack();
    const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
    const prefixes = own(gpu.uploaded("prefixes", select.prefixes));
    const histograms = own(gpu.storage("histograms", places * 2 ** pass.bits * 4));
    for (let first = 0; first < featureCount; first += chunks.features) {
      const range = { first, count: Math.min(chunks.features, featureCount - first) };
      await chunks.lend(range, async (encoder, isNew) => {
        const buffers = { encoder, prefixes, histograms, tileSizes };
        countFeatures(gpu, kernel, selection, { pass, range }, buffers);
        // The queue keeps what it has yet to send and count: without a wait, all of the encoder at a
        // time. What is on the GPU already needs none.
        if (isNew && range.first + range.count < featureCount) await gpu.read([tileSizes]);
      });
    }
    const [counts] = await gpu.read([histograms]);
    select.add(pass, new Uint32Array(counts!.buffer, counts!.byteOffset, counts!.length), 0);
  }
  select.writeTo(cutoffs, (place) => {
    const { first, count } = tiles[Math.floor(place / TILE_QUESTIONS)]!;
    const row = place % TILE_QUESTIONS;
    return row < count ? first + row : -1;
  });
}

/** Adds some features to the histograms of all questions. */
function countFeatures(
  gpu: Gpu,
  kernel: Kernel,
  { sae, tile, states, tiles }: Selection,
  { pass: { word, shift, bits }, range }: { pass: SelectPass; range: FeatureRange },
  { encoder, prefixes, histograms, tileSizes }: Record<
    "encoder" | "prefixes" | "histograms" | "tileSizes",
    GPUBuffer
  >,
): void {
  const paddedRows = roundUp(range.count, tileFeatures(tile));
  const top = shift + bits; // a shift by 32 is none to JavaScript
  const problem = SELECT_PROBLEM.pack({
    depth: paddedWidth(sae.width),
    question_stride: (tiles.length * TILE_QUESTIONS) / 4,
    feature_stride: paddedRows / 4,
    first_feature: range.first,
    features: range.count,
    word,
    known_bits: top === 32 ? 0 : (~0 << top) >>> 0,
    shift,
    bins: 2 ** bits,
  });
  using scope = new DisposableStack();
  const own = (buffer: GPUBuffer) => scope.adopt(buffer, (buffer) => buffer.destroy());
  const parameters = packParameters({ bias: sae.bias, activation: {} }, range, paddedRows);
  gpu.dispatch(kernel, [
    own(gpu.uniform("problem", problem)),
    states,
    encoder,
    own(gpu.uploaded("parameters", parameters)),
    tileSizes,
    prefixes,
    histograms,
  ], [paddedRows / tileFeatures(tile), tiles.length]);
}
