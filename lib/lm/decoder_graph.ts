/**
 * A decoder, or a stage of one, as an ONNX graph that ends at the last token's state at each site asked for: no head,
 * nothing beyond the deepest site, nothing but the last tokens in the last block, and the common
 * beginnings of prompts only once.
 *
 * This file owns the loop over blocks and the way of the residual stream; an architecture fills in
 * the parts (`decoder.ts`). Each state on the way passes through one method, `#at`: there it is
 * picked, and there an input that steers it is to be added.
 *
 * @module
 */
import type { SessionWeight } from "../compute/session_weights.ts";
import { attend } from "./attention_nodes.ts";
import type { Block, Decoder } from "./decoder.ts";
import { lastBlockOf, type Stage } from "./decoder_depth.ts";
import { DecoderNodes } from "./nodes.ts";
import { allColumns, PromptPaths } from "./prompt_paths.ts";
import { deepestSite, isSameSite, type Site } from "./site.ts";

/** What a graph is to compute, and where its weights come from. */
export interface DecoderGraphOptions {
  /** The model. */
  readonly decoder: Decoder;
  /** The sites wanted, in the order of the output. */
  readonly sites: readonly Site[];
  /** A weight by its name without a prefix, as the graph is to declare it. */
  readonly weight: (name: string) => SessionWeight;
  /** How many tokens the longest prompt has. Default: as many as the model takes. */
  readonly longest?: number | undefined;
  /** The blocks that the graph computes. Default: all that the sites need. */
  readonly stage?: Stage | undefined;
  /** Whether the states of all tokens are wanted. Default: those of the last tokens. */
  readonly everyToken?: boolean | undefined;
}

/**
 * Builds the graph.
 *
 * @returns The ONNX model. Its inputs are a `PromptBatch`, in int32: `tokens`, `positions` and
 * `firsts` [nodes], `paths` [prompts, time]. Output: `hidden_states` float32 [prompts, sites,
 * d_model], at the last token (of every token, [nodes, sites, d_model]), of the sites that the stage comes to, if it comes to any. A stage
 * behind another takes that one's residual stream, `stream` float32 [nodes, d_model]; one before
 * another gives it as `next_stream`.
 */
export function buildDecoderGraph(options: DecoderGraphOptions): Promise<Uint8Array> {
  return new DecoderGraphBuilder(options).build();
}

/** Rows of the width of the residual stream. */
interface Stream {
  /** Their value. */
  readonly rows: string;
  /** Whether there is one for each prompt, its last token's, rather than one for each node. */
  readonly lastOnly: boolean;
}

class DecoderGraphBuilder {
  #nodes: DecoderNodes;
  #paths: PromptPaths;
  #decoder: Decoder;
  #sites: readonly Site[];
  #deepest: Site;
  #stage: Stage | undefined;
  #everyToken: boolean;
  #states = new Map<Site, string>();

  constructor(options: DecoderGraphOptions) {
    const { decoder, sites, weight, longest, stage, everyToken = false } = options;
    const { model_type: name, n_positions } = decoder.config;
    this.#nodes = new DecoderNodes({ name, weight, longest: longest ?? n_positions });
    this.#paths = new PromptPaths(this.#nodes);
    this.#decoder = decoder;
    this.#sites = sites;
    this.#deepest = deepestSite(sites);
    this.#stage = stage;
    this.#everyToken = everyToken;
  }

  build(): Promise<Uint8Array> {
    const { config: { n_layer, n_embd }, embedding, block, finalNorm } = this.#decoder;
    const { graph } = this.#nodes;
    const last = lastBlockOf(this.#deepest, n_layer);
    const { first, end } = this.#stage ?? { first: 0, end: last + 1 };
    const rows = first === 0
      ? embedding.build(this.#nodes)
      : graph.input("stream", "float32", ["nodes", n_embd]);
    let stream: Stream = { rows, lastOnly: false };
    for (let index = first; index < end; index++) {
      stream = this.#block(stream, block(index), index, { isLast: index === last });
    }
    if (end <= last) {
      const next = graph.node("Identity", [stream.rows], { output: "next_stream" });
      graph.output(next, "float32", ["nodes", n_embd]);
    } else if (this.#deepest.point === "pre") {
      this.#at(this.#deepest, stream);
    } else if (this.#deepest.point === "final") {
      this.#at(this.#deepest, { ...stream, rows: finalNorm.build(this.#nodes, stream.rows) });
    }
    this.#output();
    return graph.encode();
  }

  /** The states that were come to, in the order in which their sites are wanted. */
  #output(): void {
    const { graph } = this.#nodes;
    const reached = this.#sites.flatMap((site) => this.#states.get(site) ?? []);
    if (reached.length === 0) return;
    const sequences = reached.map((rows) => this.#paths.asSequences(rows));
    const attributes = { axis: 1 };
    const output = graph.node("Concat", sequences, { attributes, output: "hidden_states" });
    const rows = this.#everyToken ? "nodes" : "prompts";
    graph.output(output, "float32", [rows, sequences.length, this.#decoder.config.n_embd]);
  }

  /**
   * From the residual stream to that after the block. In the last block only the last tokens' queries
   * and MLP are of use, and no step beyond the deepest site.
   */
  #block(stream: Stream, block: Block, index: number, { isLast }: { isLast: boolean }): Stream {
    const lastOnly = isLast && !this.#everyToken;
    const ends = (point: Site["point"]) => isLast && this.#deepest.point === point;
    this.#at({ block: index, point: "pre" }, stream);
    const { rows: heads, residual } = this.#attention(stream, block, { lastOnly });
    const attended = this.#withNorm(block.attention.output, block.attentionOutputNorm, heads);
    const attention = this.#at({ block: index, point: "attn_out" }, { rows: attended, lastOnly });
    if (ends("attn_out")) return attention;
    const mid = block.isParallel
      ? residual
      : this.#at({ block: index, point: "mid" }, this.#sum(residual, attention));
    if (ends("mid")) return mid;
    const normed = block.mlpNorm.build(this.#nodes, mid.rows);
    const added = this.#withNorm(block.mlp, block.mlpOutputNorm, normed);
    const mlp = this.#at({ block: index, point: "mlp_out" }, { rows: added, lastOnly });
    if (ends("mlp_out")) return mlp;
    const post = this.#sum(mid, block.isParallel ? this.#sum(mlp, attention) : mlp);
    return this.#at({ block: index, point: "post" }, post);
  }

  /** What the heads give, and the stream that this is added to, of the tokens that asked. */
  #attention(
    stream: Stream,
    { attentionNorm, attention }: Block,
    { lastOnly }: { lastOnly: boolean },
  ): { rows: string; residual: Stream } {
    const { n_embd } = this.#decoder.config;
    const normed = attentionNorm.build(this.#nodes, stream.rows);
    const projected = attention.projection.build(this.#nodes, normed);
    const heads = attend(this.#nodes, this.#paths, attention, projected, { lastOnly });
    const width = attention.heads * attention.headSize;
    if (!lastOnly) return { rows: this.#paths.ofNodes(heads, width), residual: stream };
    const rows = this.#paths.ofLastTokens(allColumns(stream.rows, n_embd));
    return { rows: this.#paths.rows(heads, width), residual: { rows, lastOnly } };
  }

  #withNorm(part: Block["mlp"], norm: Block["mlpOutputNorm"], rows: string): string {
    const made = part.build(this.#nodes, rows);
    return norm === undefined ? made : norm.build(this.#nodes, made);
  }

  #sum(a: Stream, b: Stream): Stream {
    return { rows: this.#nodes.node("Add", [a.rows, b.rows]), lastOnly: a.lastOnly };
  }

  /** The state at a site: picked if it is asked for. The loop goes on with what this returns. */
  #at(reached: Site, state: Stream): Stream {
    for (const site of this.#sites) {
      if (!isSameSite(site, reached) || this.#states.has(site)) continue;
      const { n_embd } = this.#decoder.config;
      const picked = state.lastOnly || this.#everyToken
        ? state.rows
        : this.#paths.ofLastTokens(allColumns(state.rows, n_embd));
      this.#states.set(site, picked);
    }
    return state;
  }
}
