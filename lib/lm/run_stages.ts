/**
 * Runs a decoder over prompts, stage by stage: each stage over all batches, in a session of its own.
 *
 * @module
 */
import { isNative } from "../compute/ort_backend.ts";
import { createOrtSession, type OrtRuntime, type OrtSession } from "../compute/ort_session.ts";
import { placeWeights, type WeightSource } from "../compute/session_weights.ts";
import type { Decoder } from "./decoder.ts";
import { type Stage, weightShapes } from "./decoder_depth.ts";
import { buildDecoderGraph } from "./decoder_graph.ts";
import { WeightMagnitudes } from "./magnitudes.ts";
import { feedsOf } from "./batch_feeds.ts";
import { batchPrompts, type PromptBatch } from "./prompt_batches.ts";
import { compareSites, deepestSite, type Site } from "./site.ts";
import { StreamStore } from "./stream_store.ts";
import { storedBytes } from "./stages.ts";
import { compactPrompts } from "./token_rows.ts";
import { WeightReader, type WeightsAhead } from "./weight_reader.ts";

/** From how many bytes of weights on a thread of its own looks at them. */
const LOOK_APART_BYTES = 2 ** 26;

/** What runs. */
export interface StagesInput {
  /** The model. */
  readonly decoder: Decoder;
  /** The sites wanted, in any order. */
  readonly sites: readonly Site[];
  /** Where the weights are, by their names without a prefix. */
  readonly weights: ReadonlyMap<string, WeightSource>;
  /** The token ids of each prompt. */
  readonly prompts: readonly (readonly number[])[];
  /** Whether the states of all tokens are wanted. Default: those of the last tokens. */
  readonly everyToken?: boolean | undefined;
}

/** How it runs. */
export interface StagesRun {
  /** The stages, one after the other. */
  readonly stages: readonly Stage[];
  /** What to run on. */
  readonly runtime: OrtRuntime;
  /** The most nodes a batch has. */
  readonly maxBatchNodes: number;
  /** Where a file for the residual stream may be made. Default: it stays in memory. */
  readonly scratchDirectory?: string | undefined;
  /** From how many bytes on it is. */
  readonly maxBytes?: number | undefined;
  /**
   * From how many bytes of weights on a thread of its own looks at them while native code makes the
   * first session of them; a thread takes longer to start than fewer take. Default: 64 MiB.
   */
  readonly lookApartBytes?: number | undefined;
  /** Told when the weights of a stage are in place. */
  readonly onReady: () => void;
  /**
   * Given the states `[prompts, sites, d_model]` of a batch at some of the sites; of every token,
   * `[nodes, sites, d_model]`.
   */
  readonly onStates: (
    sites: readonly Site[],
    batch: PromptBatch,
    states: Float32Array<ArrayBuffer>,
  ) => void;
  /** Told how many prompts' worth of work is done, after each batch. */
  readonly onProgress: (done: number) => void;
}

/**
 * Runs all stages.
 *
 * @throws {GpuMemoryError} If a GPU has too little memory: for the weights, or for a batch once they
 * are in place.
 * @throws {GpuLostError} If the GPU was lost.
 * @throws {InputError} If a weight cannot be read, is not finite or too large, or ONNX Runtime fails.
 */
export async function runStages(input: StagesInput, run: StagesRun): Promise<void> {
  await new StagesRunner(input, run).run();
}

class StagesRunner {
  #input: StagesInput;
  #run: StagesRun;
  #magnitudes: WeightMagnitudes;
  #batches: PromptBatch[];
  #longest: number;
  #readsItself: boolean; // native code does, and looks at nothing

  constructor(input: StagesInput, run: StagesRun) {
    const { decoder, weights, prompts } = input;
    this.#magnitudes = new WeightMagnitudes(weights);
    this.#readsItself = isNative(run.runtime.backend);
    this.#run = run;
    this.#longest = prompts.reduce((longest, { length }) => Math.max(longest, length), 0);
    if (this.#readsItself) {
      this.#input = input;
    } else {
      const compact = compactPrompts(prompts);
      const { tokens } = decoder.embedding;
      const table = { ...weights.get(tokens)!, rows: compact.rows };
      const others = new Map(weights).set(tokens, table);
      this.#input = { ...input, prompts: compact.prompts, weights: others };
    }
    this.#batches = [...batchPrompts(this.#input.prompts, run.maxBatchNodes)];
  }

  async run(): Promise<void> {
    const { decoder: { config, embedding }, sites } = this.#input;
    const { stages, scratchDirectory, maxBytes, lookApartBytes = LOOK_APART_BYTES } = this.#run;
    using scope = new DisposableStack();
    const isStreamed = stages.length > 1;
    const looksApart = this.#readsItself &&
      storedBytes(this.#weightsOf(stages[0]!)) > lookApartBytes;
    const reader = isStreamed || looksApart
      ? scope.use(new WeightReader(!this.#readsItself))
      : undefined;
    const nodes = this.#batches.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const options = { nodes, width: config.n_embd, scratchDirectory, maxBytes };
    const stream = isStreamed ? scope.use(new StreamStore(options)) : undefined;
    // of the embedding all, whatever is needed of it; with native code it is one of the weights
    if (!looksApart) await this.#magnitudes.read([embedding.tokens]);
    let ahead = looksApart ? reader!.read(this.#weightsOf(stages[0]!)) : undefined;
    ahead?.catch(() => {}); // it is thrown when its turn comes
    for (const [index, stage] of stages.entries()) {
      const session = await this.#open(stage, ahead);
      this.#run.onReady();
      try {
        const reached = sites.filter((site) => this.#isReached(site, index));
        const next = stages[index + 1];
        ahead = next && reader?.read(this.#weightsOf(next));
        if (next === undefined) reader?.[Symbol.dispose](); // nothing is left to read
        ahead?.catch(() => {}); // it is thrown when its turn comes
        await this.#runStage(session, index, reached, stream);
      } finally {
        await session.release();
      }
    }
  }

  /**
   * A session of a stage, whose weights were looked at. Native code keeps this thread busy while it
   * makes one, so that what another thread sees of the weights is asked for afterwards.
   */
  async #open(stage: Stage, ahead: Promise<WeightsAhead> | undefined): Promise<OrtSession> {
    const { decoder, sites, everyToken } = this.#input;
    const { runtime } = this.#run;
    const weights = this.#weightsOf(stage);
    const given = this.#readsItself ? undefined : await ahead;
    const placed = await placeWeights(runtime.backend, weights, {
      onRead: (name, values) => this.#magnitudes.add(name, values),
      ...(given && { given }),
    });
    const graph = await buildDecoderGraph({
      decoder,
      sites,
      stage,
      weight: (name) => placed.weights.get(name)!,
      longest: this.#longest,
      everyToken,
    });
    const session = await createOrtSession(runtime, graph, placed);
    try {
      for (const scanned of (await ahead)?.values() ?? []) this.#magnitudes.note(scanned);
      if (this.#readsItself) await this.#magnitudes.read(weights.keys());
      this.#magnitudes.check(decoder, this.#end(stage));
      return session;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  async #runStage(
    session: OrtSession,
    index: number,
    sites: readonly Site[],
    stream: StreamStore | undefined,
  ): Promise<void> {
    const { stages, onStates, onProgress } = this.#run;
    const width = this.#input.decoder.config.n_embd;
    let first = 0;
    let done = index * this.#input.prompts.length;
    for (const batch of this.#batches) {
      const { prompts, tokens: { length: nodes } } = batch;
      const feeds = feedsOf(batch);
      if (index > 0) feeds.stream = { data: stream!.read(first, nodes), shape: [nodes, width] };
      const { hidden_states, next_stream } = await session.run(feeds);
      if (hidden_states !== undefined) onStates(sites, batch, hidden_states);
      if (next_stream !== undefined) stream!.write(first, next_stream);
      first += nodes;
      done += prompts.length;
      onProgress(Math.floor(done / stages.length));
    }
  }

  #weightsOf(stage: Stage): Map<string, WeightSource> {
    const { decoder, sites, weights } = this.#input;
    const names = [...weightShapes(decoder, sites, stage).keys()];
    return new Map(names.map((name) => [name, weights.get(name)!]));
  }

  /** The deepest site that a stage comes to. */
  #end({ end }: Stage): Site {
    const deepest = deepestSite(this.#input.sites);
    const post: Site = { block: end - 1, point: "post" };
    return end > 0 && compareSites(post, deepest) < 0 && !this.#isLast(end) ? post : deepest;
  }

  #isLast(end: number): boolean {
    return end === this.#run.stages.at(-1)!.end;
  }

  /** Whether a site is one of a stage's: what a stage begins with is its own, not the one's before. */
  #isReached(site: Site, index: number): boolean {
    const { first, end } = this.#run.stages[index]!;
    if (this.#isLast(end)) return site.point === "final" || site.block >= first;
    return site.point !== "final" && site.block >= first && site.block < end;
  }
}
