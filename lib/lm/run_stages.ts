/**
 * Runs a decoder over prompts, stage by stage: each stage over all batches, in a session of its own.
 *
 * @module
 */
import { isNative } from "../compute/ort_backend.ts";
import { createOrtSession, type OrtRuntime, type OrtSession } from "../compute/ort_session.ts";
import type { SessionThread } from "../compute/session_thread.ts";
import { placeWeights } from "../compute/session_weights.ts";
import type { Stage } from "./decoder_depth.ts";
import { buildDecoderGraph } from "./decoder_graph.ts";
import { WeightMagnitudes } from "./magnitudes.ts";
import { feedsOf } from "./batch_feeds.ts";
import { batchPrompts, type PromptBatch } from "./prompt_batches.ts";
import type { Site } from "./site.ts";
import { stageEnd, type StagesInput, stageSites, stageWeights } from "./stage_parts.ts";
import { storedBytes } from "./stages.ts";
import { StreamStore } from "./stream_store.ts";
import { compactPrompts } from "./token_rows.ts";
import { WeightReader, type WeightsAhead } from "./weight_reader.ts";

/** From how many bytes of weights on a thread of its own looks at them. */
const LOOK_APART_BYTES = 2 ** 26;

/** The memory of a model with more bytes of weights is waited for: a GPU's may be short. */
const MOST_RELEASED_LATER = 2 ** 30;

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
   * From how many bytes of weights on a thread of its own looks at them: while native code makes the
   * first session of them, or as it reads them for WebAssembly. A thread takes longer to start than
   * fewer take. Default: 64 MiB.
   */
  readonly lookApartBytes?: number | undefined;
  /** The thread that native code runs in. Default: the one that asks. */
  readonly thread?: Pick<SessionThread, "open"> | undefined;
  /**
   * Told when a model's memory will have been given back, which takes a thread a moment. Default: it is waited for.
   */
  readonly releasedLater?: ((released: Promise<void>) => void) | undefined;
  /** Told when the weights of a stage are in place. */
  readonly onReady: () => void | Promise<void>;
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
    const seen = this.#readsItself && !isStreamed ? this.#input.seen : undefined;
    const looksApart = seen === undefined &&
      storedBytes(stageWeights(this.#input, stages[0]!)) > lookApartBytes;
    const reader = isStreamed || looksApart
      ? scope.use(new WeightReader(!this.#readsItself))
      : undefined;
    const nodes = this.#batches.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const options = { nodes, width: config.n_embd, scratchDirectory, maxBytes };
    const stream = isStreamed ? scope.use(new StreamStore(options)) : undefined;
    if (!looksApart && seen === undefined) await this.#magnitudes.read([embedding.tokens]);
    let ahead = looksApart ? this.#readFirst(reader!) : seen;
    ahead?.catch(() => {}); // it is thrown when its turn comes
    for (const [index, stage] of stages.entries()) {
      const session = await this.#open(stage, ahead);
      let isDone = false;
      try {
        await this.#run.onReady();
        const reached = stageSites(sites, stages, index);
        const next = stages[index + 1];
        ahead = next && reader?.read(stageWeights(this.#input, next));
        if (next === undefined) reader?.[Symbol.dispose](); // nothing is left to read
        ahead?.catch(() => {}); // it is thrown when its turn comes
        await this.#runStage(session, index, reached, stream);
        isDone = next === undefined;
      } finally {
        await this.#release(session, isDone);
      }
    }
  }

  /** Gives a session's memory back; its thread does so later, if that may be. */
  async #release(session: OrtSession, isDone: boolean): Promise<void> {
    const { stages, thread, releasedLater } = this.#run;
    const released = session.release();
    const mayBeLater = isDone && thread !== undefined && stages.length === 1 &&
      storedBytes(stageWeights(this.#input, stages[0]!)) <= MOST_RELEASED_LATER;
    if (mayBeLater && releasedLater !== undefined) releasedLater(released);
    else await released;
  }

  /** Has a thread look at the first stage's weights, and at all of the embedding, whatever is needed of it. */
  async #readFirst(reader: WeightReader): Promise<WeightsAhead> {
    const { stages } = this.#run;
    const weights = stageWeights(this.#input, stages[0]!);
    if (this.#readsItself) return await reader.read(weights); // it is one of them
    const { tokens } = this.#input.decoder.embedding;
    const { rows: _, ...table } = this.#input.weights.get(tokens)!;
    const seen = await reader.read(new Map([[tokens, table]]), { wantsValues: false });
    for (const scanned of seen.values()) this.#magnitudes.note(scanned);
    await this.#magnitudes.read([tokens]); // if nobody has
    return await reader.read(weights);
  }

  /**
   * A session of a stage, whose weights were looked at. Native code keeps this thread busy while it
   * makes one, so that what another thread sees of the weights is asked for afterwards.
   */
  async #open(stage: Stage, ahead: Promise<WeightsAhead> | undefined): Promise<OrtSession> {
    const { decoder, sites, everyToken } = this.#input;
    const { runtime, thread } = this.#run;
    const weights = stageWeights(this.#input, stage);
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
    const { backend, threads, spins, gpu } = runtime;
    const session = thread === undefined || !isNative(backend)
      ? await createOrtSession(runtime, graph, placed)
      : await thread.open({ backend, threads, spins, model: graph, folder: placed.folder }, gpu);
    try {
      for (const scanned of (await ahead)?.values() ?? []) this.#magnitudes.note(scanned);
      if (this.#readsItself) await this.#magnitudes.read(weights.keys());
      this.#magnitudes.check(decoder, stageEnd(sites, this.#run.stages, stage));
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
    const { stages, onStates, onProgress, thread } = this.#run;
    const width = this.#input.decoder.config.n_embd;
    let read = 0;
    const start = (batch: PromptBatch) => {
      const { length: nodes } = batch.tokens;
      const feeds = feedsOf(batch);
      if (index > 0) feeds.stream = { data: stream!.read(read, nodes), shape: [nodes, width] };
      read += nodes;
      const running = session.run(feeds);
      running.catch(() => {}); // it is thrown when its turn comes
      return running;
    };
    let first = 0;
    let done = index * this.#input.prompts.length;
    let ahead: ReturnType<typeof start> | undefined;
    for (const [i, batch] of this.#batches.entries()) {
      const { prompts, tokens: { length: nodes } } = batch;
      const { hidden_states, next_stream } = await (ahead ?? start(batch));
      // Another thread goes on with the next one at once.
      const next = this.#batches[i + 1];
      ahead = thread === undefined || next === undefined ? undefined : start(next);
      if (hidden_states !== undefined) onStates(sites, batch, hidden_states);
      if (next_stream !== undefined) stream!.write(first, next_stream);
      first += nodes;
      done += prompts.length;
      onProgress(Math.floor(done / stages.length));
    }
  }
}
