/** States of a model at any sites, straight from its graph. */
import { createOrtSession, type OrtRuntime } from "../../lib/compute/ort_session.ts";
import { placeWeights } from "../../lib/compute/session_weights.ts";
import { readDecoder } from "../../lib/lm/architectures/mod.ts";
import { weightShapes } from "../../lib/lm/decoder_depth.ts";
import { buildDecoderGraph } from "../../lib/lm/decoder_graph.ts";
import { batchPrompts } from "../../lib/lm/prompt_batches.ts";
import type { Site } from "../../lib/lm/site.ts";
import { findWeights, nameWeights, weightsOf } from "../../lib/lm/weights.ts";

/** What to compute, and where. */
export interface SiteStatesOptions {
  sites: readonly Site[];
  prompts: readonly (readonly number[])[];
  runtime: OrtRuntime;
  maxNodes?: number;
}

/** The last token's states, `[prompts][sites][d_model]`. */
export async function statesAt(
  directory: string,
  { sites, prompts, runtime, maxNodes = 1000 }: SiteStatesOptions,
): Promise<number[][][]> {
  const decoder = await readDecoder(`${directory}/config.json`);
  const named = nameWeights(await findWeights(directory), decoder.prefix);
  const placed = await placeWeights(
    runtime.backend,
    weightsOf(named, weightShapes(decoder, sites)),
  );
  const graph = await buildDecoderGraph({
    decoder,
    sites,
    weight: (name) => placed.weights.get(name)!,
    longest: Math.max(...prompts.map(({ length }) => length)),
  });
  const session = await createOrtSession(runtime, graph, placed);
  const width = decoder.config.n_embd;
  const states: number[][][] = [];
  for (const batch of batchPrompts(prompts, maxNodes)) {
    const { tokens, positions, firsts, paths, length } = batch;
    const nodes = [tokens.length];
    const { hidden_states: values } = await session.run({
      tokens: { data: tokens, shape: nodes },
      positions: { data: positions, shape: nodes },
      firsts: { data: firsts, shape: nodes },
      paths: { data: paths, shape: [batch.prompts.length, length] },
    });
    batch.prompts.forEach((prompt, row) => {
      states[prompt] = sites.map((_, column) => {
        const start = (row * sites.length + column) * width;
        return [...values!.subarray(start, start + width)];
      });
    });
  }
  await session.release();
  return states;
}
