/**
 * Runs the language model once over all prompts and keeps the last token's hidden state of every
 * layer asked for.
 *
 * @module
 */
import {
  createOrtSession,
  isNative,
  type OrtBackend,
  type OrtRuntime,
} from "../compute/ort_session.ts";
import { placeWeights, type WeightSource } from "../compute/session_weights.ts";
import { GpuMemoryError } from "../compute/gpu_failures.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { areFinite } from "../tensors/stored_tensor.ts";
import { stateName } from "./decoder_bounds.ts";
import { checkSite, weightShapes } from "./decoder_depth.ts";
import { buildDecoderGraph } from "./decoder_graph.ts";
import type { LanguageModel } from "./language_model.ts";
import { WeightMagnitudes } from "./magnitudes.ts";
import { weightsOf } from "./weights.ts";
import { batchPrompts, type PromptBatch } from "./prompt_batches.ts";
import { deepestSite, type Site, siteOfLayer } from "./site.ts";
import { StateStore } from "./state_store.ts";

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
  tokens?: readonly (readonly number[])[] | undefined;
  /** What to run on. */
  runtime: OrtRuntime;
  /** Where a file for the states may be made if they are many. Default: they stay in memory. */
  scratchDirectory?: string | undefined;
  /** How many bytes of states are many. Default: 128 MiB. */
  maxBytes?: number | undefined;
  /** The most nodes a batch has; it changes no result. Default: what is fast on the runtime. */
  maxBatchNodes?: number | undefined;
  /** Told how many prompts are done, after each batch. */
  onProgress?: (done: number) => void;
  /** Told in one line when batches become smaller for want of memory. */
  onNote?: (message: string) => void;
}

/**
 * Computes the states of layers, `hidden_states[layer]`, and of other sites at the last token of each
 * prompt. Where a GPU has too little memory
 * for a batch, batches become smaller.
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
  model: LanguageModel,
  prompts: readonly (readonly number[])[],
  options: HiddenStateOptions,
): Promise<StateStore> {
  const { layers = [], runtime, scratchDirectory, maxBytes, onNote = () => {} } = options;
  const { n_embd: width, n_layer: blockCount } = model.config;
  const ofLayers = layers.map((layer) => siteOfLayer(layer, blockCount));
  const sites = [...ofLayers, ...options.sites ?? []];
  for (const site of sites) checkSite(model.decoder, site);
  const weights = weightsOf(model.weights, weightShapes(model.decoder, sites));
  await model.weights.file.verify([...weights.values()].map(({ tensor }) => tensor.name));
  using scope = new DisposableStack();
  const store = scope.use(
    new StateStore({
      sites,
      blockCount,
      prompts: firstRows(prompts, options.tokens).at(-1)!,
      width,
      scratchDirectory,
      maxBytes,
    }),
  );
  let nodes = options.maxBatchNodes ?? MAX_BATCH_NODES[runtime.backend];
  if (options.tokens !== undefined) {
    const most = Math.floor(MAX_OUTPUT_BYTES / (4 * width * sites.length));
    nodes = Math.max(1, Math.min(nodes, most));
  }
  for (;;) {
    try {
      const how = { ...options, sites, maxBatchNodes: nodes };
      await computeStates(store, { model, weights, prompts }, how);
      break;
    } catch (error) {
      if (!(error instanceof GpuMemoryError)) throw error;
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

/** Runs all batches in a session of their own. */
async function computeStates(
  store: StateStore,
  { model, weights, prompts }: {
    model: LanguageModel;
    weights: ReadonlyMap<string, WeightSource>;
    prompts: readonly (readonly number[])[];
  },
  { sites, tokens, runtime, maxBatchNodes, onProgress = () => {} }: HiddenStateOptions & {
    sites: readonly Site[];
    maxBatchNodes: number;
  },
): Promise<void> {
  const { decoder } = model;
  const magnitudes = new WeightMagnitudes(weights);
  const readsItself = isNative(runtime.backend); // native code does, and looks at nothing
  if (readsItself) await magnitudes.read();
  const placed = await placeWeights(runtime.backend, weights, (name, values) => {
    magnitudes.add(name, values);
  });
  const graph = buildDecoderGraph({
    decoder,
    sites,
    weight: (name) => placed.weights.get(name)!,
    longest: prompts.reduce((longest, { length }) => Math.max(longest, length), 0),
    everyToken: tokens !== undefined,
  });
  const session = await createOrtSession(runtime, graph, placed);
  try {
    magnitudes.check(decoder, deepestSite(sites));
    const rows = { tokens, first: firstRows(prompts, tokens) };
    let done = 0;
    for (const batch of batchPrompts(prompts, maxBatchNodes)) {
      const { hidden_states } = await session.run(feedsOf(batch));
      keep(store, model, sites, stateRows(batch, rows), hidden_states!);
      done += batch.prompts.length;
      onProgress(done);
    }
  } finally {
    await session.release();
  }
}

/** Of each prompt the row of its first state in the store, and how many rows there are. */
function firstRows(
  prompts: readonly unknown[],
  tokens: HiddenStateOptions["tokens"],
): number[] {
  const first = [0];
  prompts.forEach((_, i) => first.push(first[i]! + (tokens === undefined ? 1 : tokens[i]!.length)));
  return first;
}

/** A state that a graph gave, and where it goes. */
interface StateRow {
  /** Its row in what the graph gave. */
  readonly from: number;
  /** Its row in the store. */
  readonly to: number;
}

/** What is kept of a batch: of each prompt its one state, or those of the tokens that are wanted. */
function stateRows(
  { prompts, length, paths }: PromptBatch,
  { tokens, first }: { tokens: HiddenStateOptions["tokens"]; first: readonly number[] },
): StateRow[] {
  if (tokens === undefined) return prompts.map((prompt, row) => ({ from: row, to: prompt }));
  return prompts.flatMap((prompt, row) =>
    tokens[prompt]!.map((token, i) => ({
      from: paths[row * length + token]!,
      to: first[prompt]! + i,
    }))
  );
}

/** Keeps rows of the states `[prompts, sites, d_model]`, or `[nodes, sites, d_model]`, of a batch. */
function keep(
  store: StateStore,
  { config: { n_embd, n_layer }, weights }: LanguageModel,
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

function feedsOf({ prompts, length, tokens, positions, paths, firsts }: PromptBatch) {
  const nodes = [tokens.length];
  return {
    tokens: { data: tokens, shape: nodes },
    positions: { data: positions, shape: nodes },
    firsts: { data: firsts, shape: nodes },
    paths: { data: paths, shape: [prompts.length, length] },
  };
}
