/**
 * Runs the language model once over all prompts and keeps the hidden states at the sites that are asked
 * for: of each prompt's last token, or of several of its tokens.
 *
 * @module
 */
import type { OrtBackend } from "../compute/ort_backend.ts";
import type { OrtRuntime } from "../compute/ort_session.ts";
import { SessionThread } from "../compute/session_thread.ts";
import { GpuMemoryError } from "../compute/gpu_failures.ts";
import { endTrials, threadOfTrial } from "../compute/native_webgpu.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { areFinite } from "../tensors/stored_tensor.ts";
import { stateName } from "./decoder_bounds.ts";
import { checkSite, weightShapes } from "./decoder_depth.ts";
import {
  firstRows,
  type KeptTokens,
  sharedRowsOf,
  type StateRow,
  stateRows,
} from "./kept_tokens.ts";
import type { DecoderModel } from "./language_model.ts";
import { memoryForWeights } from "./model_memory.ts";
import { halvesOf, runHalves, runsInHalves } from "./run_halves.ts";
import type { PromptBatch } from "./prompt_batches.ts";
import { runStages, type StagesRun } from "./run_stages.ts";
import { type Site, siteOfLayer } from "./site.ts";
import { blockByBlock, planStages } from "./stages.ts";
import { StateStore } from "./state_store.ts";
import { weightsOf } from "./weights.ts";
import type { WeightsLook } from "./weights_look.ts";

/** The most nodes a batch has. On a CPU, 512 to 2048 are equally fast; a GPU wants more at a time. */
export const MAX_BATCH_NODES: Readonly<Record<OrtBackend, number>> = {
  cpu: 1024,
  wasm: 512,
  webgpu: 8192,
  "webgpu-native": 8192,
};

/** With too little memory on a GPU batches become smaller, so much at a time, down to this. */
const SMALLER = 4;
/** The states of every token of a batch take no more memory than this, in bytes. */
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
const LEAST_BATCH_NODES = 32;
/** What is said where a model runs in stages. */
const BLOCK_BY_BLOCK = "the language model runs one block after the other";

/** What to compute, and where. */
export interface HiddenStateOptions {
  /** The layers wanted, each 0 to `n_layer`, once. Default: none. */
  layers?: readonly number[];
  /** The sites wanted that are not among the layers, each once. Default: none. */
  sites?: readonly Site[];
  /**
   * The tokens of each prompt whose states are wanted, by their indices: a row for each, those of the
   * first prompt before those of the second. Default: the last of each.
   */
  tokens?: KeptTokens;
  /** What to run on. */
  runtime: OrtRuntime;
  /** A look at the weights that was begun ahead. Default: they are looked at while the session is made. */
  look?: Pick<WeightsLook, "seen"> | undefined;
  /** Where a file for the states may be made if they are many. Default: they stay in memory. */
  scratchDirectory?: string | undefined;
  /** How many bytes of states are many. Default: 128 MiB. */
  maxBytes?: number | undefined;
  /**
   * How many bytes the model may take. Where all its weights would take more, its blocks run one
   * after the other, each over all prompts; the states are the same to the last bit. Default: three
   * quarters of what is free, if Deno may ask for it (`--allow-sys=systemMemoryInfo`).
   */
  maxMemory?: number | undefined;
  /** The most nodes a batch has; it changes no result. Default: what is fast on the runtime. */
  maxBatchNodes?: number | undefined;
  /** Told how many prompts are done, after each batch. */
  onProgress?: (done: number) => void;
  /**
   * Told when the model's memory will have been given back, if that may be after the states are given. Default: it
   * is waited for.
   */
  releasedLater?: (released: Promise<void>) => void;
  /** Told in one line when blocks run one by one, or batches become smaller, for want of memory. */
  onNote?: (message: string) => void;
}

/**
 * Computes the states of layers, `hidden_states[layer]`, and of other sites at the last token of each
 * prompt. Where memory has no room for all weights at once, blocks run one after the other; where a
 * GPU has too little for a batch, batches become smaller.
 *
 * @param prompts The token ids of each prompt, none of them empty.
 * @returns The states of each site, the prompts in the order they came in. The caller closes them.
 * @throws {GpuLostError} If the GPU was lost.
 * @throws {InputError} If the model lacks a site, a weight is missing, misshapen, damaged, not finite or too large for
 * float32, a hidden state is not finite, a file of the model has become another one, or the memory
 * is too small even so.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { collectHiddenStates, openDevice, openLanguageModel, promptOf } from "@coact/coact";
 *
 * const model = await openLanguageModel("demo/lm");
 * const prompts = ["Who?", "Where?"].map((question) => model.tokenizer.encode(promptOf(question)));
 * using device = await openDevice("auto");
 * const { runtime } = device;
 * using states = await collectHiddenStates(model, prompts, { layers: [0, 6], runtime });
 * const rows = states.layer(6);
 * assert.deepEqual([rows.count, rows.width], [2, model.config.n_embd]);
 * console.log("the second prompt's:", rows.read(1, 1));
 * ```
 */
export async function collectHiddenStates(
  model: DecoderModel,
  prompts: readonly (readonly number[])[],
  options: HiddenStateOptions,
): Promise<StateStore> {
  const { layers = [], tokens, runtime, scratchDirectory, maxBytes, onNote = () => {} } = options;
  const { n_embd: width, n_layer: blockCount } = model.config;
  const ofLayers = layers.map((layer) => siteOfLayer(layer, blockCount));
  const sites = [...ofLayers, ...options.sites ?? []];
  for (const site of sites) checkSite(model.decoder, site);
  const weights = weightsOf(model.weights, weightShapes(model.decoder, sites));
  await model.weights.file.verify([...weights.values()].map(({ tensor }) => tensor.name));
  const first = firstRows(prompts.length, tokens);
  const shared = sharedRowsOf(prompts, tokens);
  const rowsOf = (batch: PromptBatch) => {
    const rows = stateRows(batch, tokens, first);
    if (shared === undefined) return rows;
    return rows.flatMap(({ from, to }) => shared[to]!.map((to) => ({ from, to })));
  };
  using scope = new DisposableStack();
  const store = scope.use(
    new StateStore({
      sites,
      blockCount,
      prompts: first.at(-1)!,
      width,
      scratchDirectory,
      maxBytes,
    }),
  );
  const everyToken = tokens !== undefined;
  const seen = options.look?.seen;
  const input = { decoder: model.decoder, sites, weights, prompts, everyToken, seen };
  const budget = { decoder: model.decoder, sites, weights, maxBytes: memoryForWeights(options) };
  let stages = planStages(budget);
  if (stages.length > 1) onNote(`${BLOCK_BY_BLOCK}: its weights take too much memory at once`);
  let nodes = options.maxBatchNodes ?? MAX_BATCH_NODES[runtime.backend];
  if (everyToken) {
    const most = Math.floor(MAX_OUTPUT_BYTES / (4 * width * sites.length));
    nodes = Math.max(1, Math.min(nodes, most));
  }
  for (;;) {
    let isReady = false;
    using native = runtime.backend === "webgpu-native" ? threadOfTrial() : undefined;
    try {
      using thread = runsInHalves(input, stages, runtime) ? SessionThread.start() : undefined;
      const run: StagesRun = {
        stages: thread === undefined ? stages : halvesOf(stages[0]!),
        runtime,
        maxBatchNodes: nodes,
        scratchDirectory,
        maxBytes,
        thread: native?.sessions,
        releasedLater: options.releasedLater,
        onReady: async () => {
          isReady = true;
          // The session has the device of the trial.
          if (native !== undefined) native.endTrial();
          else if (runtime.backend === "webgpu-native") await endTrials();
        },
        onStates: (sites, batch, states) => keep(store, model, sites, rowsOf(batch), states),
        onProgress: options.onProgress ?? (() => {}),
      };
      await (thread === undefined ? runStages(input, run) : runHalves(input, run, thread));
      break;
    } catch (error) {
      if (!(error instanceof GpuMemoryError)) throw error;
      const blocks = blockByBlock(model.decoder, sites);
      if (!isReady && stages.length < blocks.length) {
        stages = blocks; // not even the weights fit at once
        onNote(`${BLOCK_BY_BLOCK}: ${messageOf(error)}`);
        continue;
      }
      const what = `${messageOf(error)}, with ${nodes} tokens of the language model at a time`;
      if (nodes <= LEAST_BATCH_NODES) {
        throw new InputError(what, { advice: { kind: "free_gpu" } });
      }
      nodes = Math.max(LEAST_BATCH_NODES, Math.floor(nodes / SMALLER));
      onNote(`${what}; it begins anew with ${nodes}`);
    }
  }
  for (const file of model.files) await file.check(); // native code has them open until here
  scope.move(); // all is well: the store is the caller's now
  return store;
}

/** Keeps rows of the states `[prompts, sites, d_model]`, or `[nodes, sites, d_model]`, of a batch. */
function keep(
  store: StateStore,
  { config: { n_embd, n_layer }, weights }: DecoderModel,
  sites: readonly Site[],
  rows: readonly StateRow[],
  states: Float32Array<ArrayBuffer>,
): void {
  sites.forEach((site, column) => {
    for (const { from, to } of rows) {
      const start = (from * sites.length + column) * n_embd;
      const state = states.subarray(start, start + n_embd);
      if (!areFinite(state)) {
        // All weights are finite, and small enough for all that follows: the device is wrong.
        throw new InputError(
          `${weights.file.path}: ${stateName(site, n_layer)} holds NaN or ` +
            "infinity, though no weight does",
          { advice: { kind: "another_device" } },
        );
      }
      store.set(site, to, state);
    }
  });
}
