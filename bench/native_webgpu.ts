/**
 * The language model on onnxruntime-web's WebGPU and on onnxruntime-node's native one, in turns.
 * The second brings a device of its own and wants a real GPU. Prints JSON.
 *
 *     deno run --no-prompt --allow-all bench/native_webgpu.ts /tmp/job
 *
 * @module
 */
import { openDevice } from "../lib/compute/device.ts";
import { loadNativeRuntime } from "../lib/compute/native_runtime.ts";
import { placeWeights } from "../lib/compute/session_weights.ts";
import { messageOf } from "../lib/base/errors.ts";
import { weightShapes } from "../lib/lm/decoder_depth.ts";
import { buildDecoderGraph } from "../lib/lm/decoder_graph.ts";
import { collectHiddenStates, MAX_BATCH_NODES } from "../lib/lm/hidden_states.ts";
import type { LanguageModel } from "../lib/lm/language_model.ts";
import { batchPrompts, type PromptBatch } from "../lib/lm/prompt_batches.ts";
import { siteOfLayer } from "../lib/lm/site.ts";
import { weightsOf } from "../lib/lm/weights.ts";
import { fullJob, planOf } from "./job.ts";

/** The seconds of each round. */
export interface NativeTimes {
  /** Of onnxruntime-web's. */
  web: number[];
  /** Of onnxruntime-node's. */
  native: number[];
  /** Why onnxruntime-node's failed, if it did; the other goes on. */
  failure: string | undefined;
}

const { InferenceSession, Tensor } = await loadNativeRuntime();

const ROUNDS = 3;

/** Runs all batches in onnxruntime-node's WebGPU; nothing is kept. */
async function runNative(
  { config, decoder, weights }: LanguageModel,
  prompts: readonly (readonly number[])[],
  layers: readonly number[],
): Promise<void> {
  const sites = layers.map((layer) => siteOfLayer(layer, config.n_layer));
  const needed = weightsOf(weights, weightShapes(decoder, sites));
  const placed = await placeWeights("cpu", needed);
  const weight = (name: string) => placed.weights.get(name)!;
  const session = await InferenceSession.create(buildDecoderGraph({ decoder, sites, weight }), {
    executionProviders: ["webgpu"],
    extra: { session: { model_external_initializers_file_folder_path: placed.folder } },
  });
  for (const batch of batchPrompts(prompts, MAX_BATCH_NODES.webgpu)) {
    await session.run(feedsOf(batch));
  }
  await session.release();
}

function feedsOf({ tokens, positions, firsts, paths, prompts, length }: PromptBatch) {
  const nodes = [tokens.length];
  return {
    tokens: new Tensor("int32", tokens, nodes),
    positions: new Tensor("int32", positions, nodes),
    firsts: new Tensor("int32", firsts, nodes),
    paths: new Tensor("int32", paths, [prompts.length, length]),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

if (import.meta.main) {
  const { model, prompts, checkpoints } = await planOf(fullJob(Deno.args[0] ?? "/tmp/job"));
  const layers = checkpoints.map(({ layer }) => layer);
  const web: number[] = [];
  const native: number[] = [];
  let failure: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    using device = await openDevice("gpu");
    const { runtime } = device;
    web.push(
      await timed(async () => {
        using _states = await collectHiddenStates(model, prompts, { layers, runtime });
      }),
    );
    if (failure !== undefined) continue;
    try {
      native.push(await timed(() => runNative(model, prompts, layers)));
    } catch (error) {
      failure = messageOf(error);
    }
  }
  console.log(JSON.stringify({ web, native, failure } satisfies NativeTimes));
}
