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
import { verifyWeights } from "./weights.ts";
import { batchPrompts, type PromptBatch } from "./prompt_batches.ts";

/** The most tokens a batch has: a GPU wants more of them at a time than a CPU. Not tuned yet. */
const MAX_BATCH_TOKENS = { cpu: 1024, wasm: 512, webgpu: 8192 } as const;

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
 * @throws {InputError} If a weight is missing, misshapen or damaged, or a hidden state is not finite.
 */
export async function collectHiddenStates(
  model: LanguageModel,
  prompts: readonly (readonly number[])[],
  options: HiddenStateOptions,
): Promise<HiddenStates> {
  const { layers, runtime, onProgress = () => {} } = options;
  const { config, weights } = model;
  const width = config.n_embd;
  await verifyWeights(weights);
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
    const lengths = prompts.map(({ length }) => length);
    for (const batch of batchPrompts(lengths, MAX_BATCH_TOKENS[runtime.backend])) {
      const { hidden_states } = await session.run(feedsOf(prompts, batch));
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

function feedsOf(prompts: readonly (readonly number[])[], batch: PromptBatch) {
  const { prompts: rows, length } = batch;
  const ids = new BigInt64Array(rows.length * length);
  rows.forEach((prompt, row) => {
    prompts[prompt]!.forEach((id, column) => ids[row * length + column] = BigInt(id));
  });
  return {
    token_ids: { data: ids, shape: [rows.length, length] },
    positions: { data: BigInt64Array.from({ length }, (_, i) => BigInt(i)), shape: [length] },
  };
}

/** NaN or infinity in a weight shows here, for each state depends on all weights before it. */
function checkStates({ weights }: LanguageModel, layer: number, values: Float32Array): void {
  if (areFinite(values)) return;
  throw new InputError(
    `${weights.path}: hidden_states[${layer}] holds NaN or infinity, so some weight must, too`,
  );
}
