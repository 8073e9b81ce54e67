/**
 * Runs the language model once over all prompts and keeps the last token's hidden state of every
 * layer asked for.
 *
 * @module
 */
import { createOrtSession, type OrtRuntime, placeWeight } from "../compute/ort_session.ts";
import { InputError } from "../errors.ts";
import { areFinite } from "../tensors/stored_tensor.ts";
import { buildGpt2Graph } from "./gpt2_graph.ts";
import type { LanguageModel } from "./language_model.ts";
import { batchPrompts, type PromptBatch } from "./prompt_batches.ts";

/** The most nodes a batch has. On a CPU, 512 to 2048 are equally fast; a GPU wants more at a time. */
const MAX_BATCH_NODES = { cpu: 1024, wasm: 512, webgpu: 8192 } as const;

/** What to compute, and where. */
export interface HiddenStateOptions {
  /** The layers wanted, each 0 to `n_layer`. */
  layers: readonly number[];
  /** What to run on. */
  runtime: OrtRuntime;
  /** Told how many prompts are done, after each batch. */
  onProgress?: (done: number) => void;
}

/** Hidden states by layer, each `[prompts, d_model]` with the prompts in the order they came in. */
export type HiddenStates = Map<number, Float32Array<ArrayBuffer>>;

/**
 * Computes `hidden_states[layer]` at the last token of each prompt.
 *
 * @param prompts The token ids of each prompt, none of them empty.
 * @throws {InputError} If a weight is missing or misshapen, or a hidden state is not finite.
 */
export async function collectHiddenStates(
  model: LanguageModel,
  prompts: readonly (readonly number[])[],
  options: HiddenStateOptions,
): Promise<HiddenStates> {
  const { layers, runtime, onProgress = () => {} } = options;
  const { config, weights } = model;
  const width = config.n_embd;
  const graph = buildGpt2Graph({
    config,
    weights,
    layers,
    place: (tensor) => placeWeight(runtime.backend, weights.realPath, tensor),
  });
  const session = await createOrtSession(runtime, graph.model, {
    path: weights.realPath,
    tensors: graph.weights,
  });
  const states: HiddenStates = new Map(
    layers.map((layer) => [layer, new Float32Array(prompts.length * width)]),
  );
  try {
    let done = 0;
    for (const batch of batchPrompts(prompts, MAX_BATCH_NODES[runtime.backend])) {
      const { hidden_states } = await session.run(feedsOf(batch));
      batch.prompts.forEach((prompt, row) => {
        layers.forEach((layer, column) => {
          const start = (row * layers.length + column) * width;
          states.get(layer)!.set(hidden_states!.subarray(start, start + width), prompt * width);
        });
      });
      done += batch.prompts.length;
      onProgress(done);
    }
  } finally {
    await session.release();
  }
  for (const [layer, values] of states) checkStates(model, layer, values);
  return states;
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

/** NaN or infinity in a weight shows here, for each state depends on all weights before it. */
function checkStates({ weights }: LanguageModel, layer: number, values: Float32Array): void {
  if (areFinite(values)) return;
  throw new InputError(
    `${weights.path}: hidden_states[${layer}] holds NaN or infinity, so some weight must, too`,
  );
}
